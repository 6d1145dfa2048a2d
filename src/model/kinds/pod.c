/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pod.c - Pods, and the workloads that make them: labels, container ports, readiness.
 */
#include "config.h"

#include "rutter/kind_core.h"

#include "../schema.h"

RT_PART(container_port, struct rt_container_port,
    {"name", RT_F_SYM, AT(struct rt_container_port, name)},
    {"protocol", RT_F_SYM, AT(struct rt_container_port, protocol), .text = "TCP"},
    {"containerPort", RT_F_INT, AT(struct rt_container_port, port)});
RT_PART(container, struct rt_container, {"name", RT_F_SYM, AT(struct rt_container, name)},
    {"image", RT_F_SYM, AT(struct rt_container, image)},
    {"ports", RT_F_LIST, AT(struct rt_container, ports), .sub = &container_port});
/* readinessGates are {conditionType} objects; only their types are kept. */
RT_PART(readiness_gate, struct rt_readiness_gate,
    {"conditionType", RT_F_SYM, AT(struct rt_readiness_gate, condition_type)});
RT_SHARED_PART(rt_pod_spec_schema, struct rt_pod_spec,
    {"containers", RT_F_LIST, AT(struct rt_pod_spec, containers), .sub = &container},
    {"initContainers", RT_F_LIST, AT(struct rt_pod_spec, init_containers), .sub = &container},
    {"hostNetwork", RT_F_FLAG, AT(struct rt_pod_spec, host_network)},
    {"nodeName", RT_F_SYM, AT(struct rt_pod_spec, node_name)},
    {"readinessGates", RT_F_LIST, AT(struct rt_pod_spec, readiness_gates), .sub = &readiness_gate});

RT_PART(state, struct rt_container_state,
    {"reason", RT_F_SYM, AT(struct rt_container_state, reason)},
    {"message", RT_F_STR, AT(struct rt_container_state, message)},
    {"exitCode", RT_F_INT, AT(struct rt_container_state, exit_code)},
    {"startedAt", RT_F_TIME, AT(struct rt_container_state, started_at)},
    {"finishedAt", RT_F_TIME, AT(struct rt_container_state, finished_at)});
RT_PART(states, struct rt_container_status,
    {"running", RT_F_PTR, AT(struct rt_container_status, running), .sub = &state},
    {"waiting", RT_F_PTR, AT(struct rt_container_status, waiting), .sub = &state},
    {"terminated", RT_F_PTR, AT(struct rt_container_status, terminated), .sub = &state});
RT_PART(last_states, struct rt_container_status,
    {"terminated", RT_F_PTR, AT(struct rt_container_status, last_terminated), .sub = &state});
RT_PART(container_status, struct rt_container_status,
    {"name", RT_F_SYM, AT(struct rt_container_status, name)},
    {"ready", RT_F_FLAG, AT(struct rt_container_status, ready)},
    {"restartCount", RT_F_INT, AT(struct rt_container_status, restart_count), .zero = true},
    {"state", RT_F_INLINE, .sub = &states}, {"lastState", RT_F_INLINE, .sub = &last_states});
RT_PART(pod_status, struct rt_pod, {"phase", RT_F_SYM, AT(struct rt_pod, phase)},
    {"reason", RT_F_SYM, AT(struct rt_pod, reason)},
    {"message", RT_F_STR, AT(struct rt_pod, message)},
    {"podIP", RT_F_STR, AT(struct rt_pod, pod_ip)},
    {"conditions", RT_F_LIST, AT(struct rt_pod, conditions), .sub = &rt_condition_schema},
    {"containerStatuses", RT_F_LIST, AT(struct rt_pod, container_statuses),
	.sub = &container_status},
    {"initContainerStatuses", RT_F_LIST, AT(struct rt_pod, init_container_statuses),
	.sub = &container_status});
static void pod_finish(void *base)
{
	struct rt_pod *p = base;
	p->has_status = p->phase || p->conditions.v;
}
RT_KIND(POD, struct rt_pod, pod_finish,
    {"spec", RT_F_INLINE, AT(struct rt_pod, spec), .sub = &rt_pod_spec_schema},
    {"status", RT_F_INLINE, .sub = &pod_status});

RT_PART(template_metadata, struct rt_workload,
    {"labels", RT_F_PAIRS, AT(struct rt_workload, template_labels)});
RT_PART(template, struct rt_workload, {"metadata", RT_F_INLINE, .sub = &template_metadata},
    {"spec", RT_F_INLINE, AT(struct rt_workload, spec), .sub = &rt_pod_spec_schema});
RT_PART(scaled_spec, struct rt_workload,
    {"replicas", RT_F_INT, AT(struct rt_workload, replicas), .number = 1},
    {"template", RT_F_INLINE, .sub = &template});
RT_PART(plain_spec, struct rt_workload, {"template", RT_F_INLINE, .sub = &template});

static void plain_finish(void *base)
{
	((struct rt_workload *)base)->replicas = RT_INT_UNSET;
}
RT_KIND(DEPLOYMENT, struct rt_workload, NULL, {"spec", RT_F_INLINE, .sub = &scaled_spec});
RT_KIND(STATEFUL_SET, struct rt_workload, NULL, {"spec", RT_F_INLINE, .sub = &scaled_spec});
RT_KIND(REPLICA_SET, struct rt_workload, NULL, {"spec", RT_F_INLINE, .sub = &scaled_spec});
RT_KIND(DAEMON_SET, struct rt_workload, plain_finish, {"spec", RT_F_INLINE, .sub = &plain_spec});
RT_KIND(JOB, struct rt_workload, plain_finish, {"spec", RT_F_INLINE, .sub = &plain_spec});

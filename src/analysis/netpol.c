/* SPDX-License-Identifier: Apache-2.0 */
/*
 * netpol.c - do NetworkPolicies let a data plane reach a backend Pod (findings SV11)?
 * Ingress rules only. Policies add up: one that admits suffices; a Pod that none selects is open.
 */
#include "config.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "private.h"

/* ---------------------------------------------------------------- addresses */

struct address {
	int family;
	unsigned char bytes[16];
};

static bool address_parse(const char *text, struct address *ret)
{
	ret->family = strchr(text, ':') ? AF_INET6 : AF_INET;
	return inet_pton(ret->family, text, ret->bytes) == 1;
}

static bool bits_equal(const unsigned char *a, const unsigned char *b, long bits)
{
	for (; bits >= 8; bits -= 8)
		if (*a++ != *b++)
			return false;
	return bits <= 0 || (*a ^ *b) >> (8 - bits) == 0;
}

static bool cidr_holds(const char *cidr, const char *ip)
{
	struct address net, host;
	char text[64];
	const char *slash = cidr ? strchr(cidr, '/') : NULL;

	if (!slash || (size_t)(slash - cidr) >= sizeof(text) || !ip)
		return false;
	memcpy(text, cidr, (size_t)(slash - cidr));
	text[slash - cidr] = '\0';
	if (!address_parse(text, &net) || !address_parse(ip, &host) || net.family != host.family)
		return false;
	char *end;
	long bits = strtol(slash + 1, &end, 10);
	if (*end || bits < 0 || bits > (net.family == AF_INET ? 32 : 128))
		return false;
	return bits_equal(net.bytes, host.bytes, bits);
}

/* Plug-ins differ on whether a Pod's own address counts as an address: open at best. */
static enum rt_tri block_admits(const struct rt_ip_block *b, const struct rt_pod *from)
{
	if (!cidr_holds(b->cidr, from->pod_ip))
		return RT_NO;
	for (size_t i = 0; i < b->except.len; i++)
		if (cidr_holds(b->except.v[i], from->pod_ip))
			return RT_NO;
	return RT_UNKNOWN;
}

/* ---------------------------------------------------------------- peers and ports */

static enum rt_tri peer_admits(const struct rt_analysis *an, const struct rt_network_policy *p,
    const struct rt_netpol_peer *peer, const struct rt_pod *from)
{
	enum rt_tri ns;

	if (peer->ip_block)
		return block_admits(peer->ip_block, from);
	if (peer->namespace_selector)
		ns = rt_namespace_matches(an, peer->namespace_selector, from->obj.ns);
	else
		ns = rt_tri_of(rt_streq(p->obj.ns, from->obj.ns));
	if (peer->pod_selector && !rt_label_selector_match(peer->pod_selector, from->obj.labels))
		return RT_NO;
	return ns;
}

static int64_t container_port(const struct rt_pod_spec *pod, const char *name, const char *protocol)
{
	for (size_t i = 0; i < pod->containers.len; i++)
		for (size_t k = 0; k < pod->containers.v[i].ports.len; k++) {
			const struct rt_container_port *p = &pod->containers.v[i].ports.v[k];
			if (rt_streq(p->name, name) &&
			    rt_streq(p->protocol ? p->protocol : "TCP", protocol))
				return p->port;
		}
	return RT_INT_UNSET;
}

int64_t rt_target_port(const struct rt_service_port *port, const struct rt_pod_spec *pod)
{
	const struct rt_int_or_string *t = &port->target_port;

	if (t->text)
		return container_port(pod, t->text, port->protocol ? port->protocol : "TCP");
	return t->number != RT_INT_UNSET ? t->number : port->port;
}

static bool port_admits(
    const struct rt_netpol_port *n, const struct rt_pod *to, int64_t number, const char *protocol)
{
	if (!rt_streq(n->protocol ? n->protocol : "TCP", protocol))
		return false;
	if (n->port.text)
		return container_port(&to->spec, n->port.text, protocol) == number;
	if (n->port.number == RT_INT_UNSET)
		return true;
	if (n->end_port != RT_INT_UNSET)
		return number >= n->port.number && number <= n->end_port;
	return number == n->port.number;
}

static bool rule_covers_port(const struct rt_netpol_ingress *r, const struct rt_pod *to,
    int64_t number, const char *protocol)
{
	for (size_t i = 0; i < r->ports.len; i++)
		if (port_admits(&r->ports.v[i], to, number, protocol))
			return true;
	return r->ports.len == 0;
}

/* Pods on the host network come from a node's address: what policies say of them differs. */
static enum rt_tri rule_admits_pod(const struct rt_analysis *an, const struct rt_network_policy *p,
    const struct rt_netpol_ingress *r, const struct rt_pod *from)
{
	enum rt_tri any = r->from.len == 0 ? RT_YES : RT_NO;

	for (size_t i = 0; i < r->from.len; i++)
		any = rt_tri_or(any, peer_admits(an, p, &r->from.v[i], from));
	if (any == RT_NO && from->spec.host_network == RT_FLAG_TRUE)
		return RT_UNKNOWN;
	return any;
}

/* ---------------------------------------------------------------- policies */

bool rt_netpol_restricts_ingress(const struct rt_network_policy *p)
{
	for (size_t i = 0; i < p->policy_types.len; i++)
		if (rt_streq(p->policy_types.v[i], "Ingress"))
			return true;
	return p->policy_types.len == 0;
}

static enum rt_tri policy_admits(const struct rt_analysis *an, const struct rt_network_policy *p,
    const struct rt_netpol_question *q)
{
	int64_t number = rt_target_port(q->port, &q->to->spec);
	const char *protocol = q->port->protocol ? q->port->protocol : "TCP";
	enum rt_tri any = RT_NO;

	for (size_t i = 0; i < p->ingress.len && any != RT_YES; i++) {
		const struct rt_netpol_ingress *r = &p->ingress.v[i];
		if (!rule_covers_port(r, q->to, number, protocol))
			continue;
		for (size_t k = 0; k < q->from->len && any != RT_YES; k++)
			any = rt_tri_or(any, rule_admits_pod(an, p, r, q->from->v[k]));
	}
	return any;
}

void rt_netpol_admits(const struct rt_analysis *an, const struct rt_netpol_question *q,
    struct rt_arena *a, struct rt_netpol_verdict *ret)
{
	const struct rt_obj *const *objs;
	size_t n = rt_list_of_namespace(an, RT_KIND_NETWORK_POLICY, q->to->obj.ns, &objs);
	enum rt_tri any = RT_NO;

	*ret = (struct rt_netpol_verdict){.admitted = RT_YES};
	for (size_t i = 0; i < n; i++) {
		const struct rt_network_policy *p = (const struct rt_network_policy *)objs[i];
		if (!rt_netpol_restricts_ingress(p) ||
		    !rt_label_selector_match(&p->pod_selector, q->to->obj.labels))
			continue;
		rt_vec_push(&ret->policies, a, p);
		any = rt_tri_or(any, policy_admits(an, p, q));
	}
	if (ret->policies.len)
		ret->admitted = any;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input_cluster.c - the objects of the cluster that the kubeconfig names.
 */
#include "config.h"

#include "cli.h"

int rt_input_cluster(struct rt_cli *cli, struct rt_store **ret)
{
	struct rt_error err = {0};
	*ret = NULL;
	(void)rt_fail(&err, RT_UNREACHABLE, "reading a cluster is not built in yet");
	rt_error_hint(&err, "use -f or --demo");
	return rt_cli_fail(cli, &err);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jwt.c - the exp claim of a JSON Web Token, for telling why a server says 401.
 */
#include "config.h"

#include "jwt.h"

#include <stdlib.h>
#include <string.h>

#include "rutter/buf.h"
#include "rutter/cert.h"
#include "rutter/timefmt.h"
#include "rutter/value.h"

static int64_t expiry_of(const char *json, size_t len)
{
	struct rt_value *root = NULL;
	int64_t expiry = RT_TIME_UNSET;
	if (rt_value_from_json(json, len, "token", &root, NULL) == RT_OK)
		expiry = rt_value_int(rt_value_get(root, "exp"), RT_TIME_UNSET);
	rt_value_wipe(root);
	return expiry;
}

int64_t rt_jwt_expiry(const char *token)
{
	struct rt_buf text = RT_BUF_SECRET;
	const char *payload = strchr(token, '.');
	int64_t expiry = RT_TIME_UNSET;
	char *json = NULL;
	size_t len = 0;

	if (!payload || !strchr(payload + 1, '.'))
		return expiry;
	/* base64url without padding, RFC 7515 section 2 */
	for (payload++; *payload != '.'; payload++)
		rt_buf_putc(&text, *payload == '-' ? '+' : *payload == '_' ? '/' : *payload);
	while (text.len % 4)
		rt_buf_putc(&text, '=');
	if (rt_base64_decode(rt_buf_str(&text), text.len, &json, &len)) {
		expiry = expiry_of(json, len);
		explicit_bzero(json, len);
		free(json);
	}
	rt_buf_wipe(&text);
	return expiry;
}

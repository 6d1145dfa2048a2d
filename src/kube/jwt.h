/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jwt.h - when a token says it expires. Display only: nothing is verified, nothing depends on it.
 */
#ifndef RUTTER_KUBE_JWT_H
#define RUTTER_KUBE_JWT_H

#include "rutter/fwd.h"

/* The exp claim; RT_TIME_UNSET when the token is no JWT or has none. */
int64_t rt_jwt_expiry(const char *token);

#endif

/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "fake-aws.h"
#include "test-util.h"

static inline void
assert_request (FakeAws    *aws,
                guint       index,
                const char *method,
                const char *path,
                const char *query)
{
  g_assert_cmpstr (fake_aws_get_method (aws, index), ==, method);
  g_assert_cmpstr (fake_aws_get_path (aws, index), ==, path);
  g_assert_cmpstr (fake_aws_get_query (aws, index), ==, query);
}

/* The future is refused with that code */
static inline void
assert_refused (DexFuture *future,
                AwsError   code)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (dex_await (future, &error));
  g_assert_error (error, AWS_ERROR, (int) code);
}

static inline void
assert_good (DexFuture *future)
{
  g_autoptr(GError) error = NULL;

  dex_await (future, &error);
  g_assert_no_error (error);
}

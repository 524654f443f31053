/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-operations-private.h"

/* By service, for tests and tools */
static const AwsOperation * const * const tables[] = {
  aws_account_operations,
  aws_acm_operations,
  aws_budgets_operations,
  aws_cloudformation_operations,
  aws_cloudfront_operations,
  aws_cloudwatch_operations,
  aws_codebuild_operations,
  aws_codeconnections_operations,
  aws_codepipeline_operations,
  aws_cost_explorer_operations,
  aws_dynamodb_operations,
  aws_free_tier_operations,
  aws_iam_operations,
  aws_keyvaluestore_operations,
  aws_lambda_operations,
  aws_logs_operations,
  aws_route53_operations,
  aws_route53domains_operations,
  aws_service_quotas_operations,
  aws_sesv2_operations,
  aws_signin_operations,
  aws_sso_oidc_operations,
  aws_sso_operations,
  aws_step_functions_operations,
  aws_sts_operations,
  NULL
};

static GPtrArray *
collect (void)
{
  GPtrArray *all = g_ptr_array_new ();

  for (guint i = 0; tables[i] != NULL; i++)
    {
      for (guint j = 0; tables[i][j] != NULL; j++)
        g_ptr_array_add (all, (gpointer) tables[i][j]);
    }

  return all;
}

/**
 * aws_operation_list:
 * @n_operations: (out): how many there are
 *
 * Lists every operation of every service that is described by tables.
 *
 * Returns: (transfer none): the operations
 */
const AwsOperation * const *
aws_operation_list (guint *n_operations)
{
  static GPtrArray *all;

  g_return_val_if_fail (n_operations != NULL, NULL);

  if (g_once_init_enter (&all))
    g_once_init_leave (&all, collect ());

  *n_operations = all->len;

  return (const AwsOperation * const *) all->pdata;
}

/**
 * aws_operation_find:
 * @service: the id of a service
 * @name: the name of an operation
 *
 * Returns: (transfer none) (nullable): the operation, or %NULL if no table has it
 */
const AwsOperation *
aws_operation_find (const char *service,
                    const char *name)
{
  const AwsOperation * const *all;
  guint n_operations;

  g_return_val_if_fail (service != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  all = aws_operation_list (&n_operations);
  for (guint i = 0; i < n_operations; i++)
    {
      if (g_str_equal (all[i]->service, service) && g_str_equal (all[i]->name, name))
        return all[i];
    }

  return NULL;
}

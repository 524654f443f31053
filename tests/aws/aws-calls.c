/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Makes one call, with everything in it that the function can send, and says how it went:
 *
 *   aws-calls                 lists the functions, each with the operations that it uses
 *   aws-calls FUNCTION        calls it; prints "ok", or the error
 *   aws-calls --operations    lists the operations that there are tables of, each with its service
 *
 * What is sent is looked at by the server that AWS_ENDPOINT_URL names. The calls are in the folder beside this file.
 */

#include <stdio.h>

#include "aws-environment.h"
#include "aws-operation.h"
#include "calls/calls.h"

static const AwsTestCall * const groups[] = {
  core_calls, names_calls, compute_calls, account_calls, signin_calls,
};

static void
run (DexFuture *future)
{
  g_autoptr(GError) error = NULL;

  while (dex_future_is_pending (future))
    g_main_context_iteration (NULL, TRUE);

  if (dex_future_get_value (future, &error) != NULL)
    printf ("ok\n");
  else
    printf ("%s %d %s\n", g_quark_to_string (error->domain), error->code, error->message);
  dex_unref (future);
}

static void
list_operations (void)
{
  guint n_operations;
  const AwsOperation * const *operations = aws_operation_list (&n_operations);

  for (guint i = 0; i < n_operations; i++)
    printf ("%s %s\n", operations[i]->service, operations[i]->name);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(AwsCredentialsProvider) provider = NULL;
  g_autoptr(AwsClient) client = NULL;

  dex_init ();
  if (argc > 1 && g_str_equal (argv[1], "--operations"))
    {
      list_operations ();
      return 0;
    }

  provider = aws_environment_credentials_new ();
  client = aws_client_new (provider, "eu-central-1");
  aws_client_set_environment_endpoints (client);

  for (guint i = 0; i < G_N_ELEMENTS (groups); i++)
    for (const AwsTestCall *each = groups[i]; each->function != NULL; each++)
      {
        if (argc < 2)
          printf ("%s %s\n", each->function, each->operations);
        else if (g_str_equal (argv[1], each->function))
          run (each->call (client));
      }

  core_calls_clean_up ();

  return 0;
}

/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-error.h"
#include "porch-error.h"
#include "porch-problem.h"

#include <gio/gio.h>
#include <libdex.h>

/* No word of the provider may reach the screen */
static const char * const forbidden[] = {
  "AWS", "Amazon", "S3", "CloudFront", "CloudFormation", "DynamoDB", "Lambda", "bucket", "Bucket", "stack", "Stack",
  "IAM", "region", "ARN", "distribution", "SES",
};

static void
check_words (PorchProblem *problem)
{
  g_autofree char *line = porch_problem_to_line (problem);

  g_assert_cmpstr (porch_problem_get_title (problem), !=, "");
  g_assert_cmpstr (porch_problem_get_cause (problem), !=, "");
  g_assert_null (strchr (line, '\n'));
  g_assert_nonnull (strstr (line, ": "));
  g_assert_false (g_str_has_suffix (porch_problem_get_title (problem), "."));
  g_assert_null (strstr (line, ".."));

  for (guint i = 0; i < G_N_ELEMENTS (forbidden); i++)
    if (strstr (line, forbidden[i]) != NULL)
      g_error ("“%s” says “%s”", line, forbidden[i]);
}

static void
test_porch_codes (void)
{
  for (int code = PORCH_ERROR_FAILED; code <= PORCH_ERROR_SIGN_IN_PAGE; code++)
    {
      g_autoptr(GError) error = g_error_new_literal (PORCH_ERROR, code, "This is why.");
      g_autoptr(PorchProblem) problem = porch_problem_from_error (error);

      check_words (problem);
      g_assert_cmpstr (porch_problem_get_cause (problem), ==, "This is why");

      if (code != PORCH_ERROR_FAILED)
        g_assert_cmpstr (porch_problem_get_title (problem), !=, "Something went wrong");
    }
}

static void
test_aws_codes (void)
{
  for (int code = AWS_ERROR_FAILED; code <= AWS_ERROR_FILE; code++)
    {
      g_autoptr(GError) error = g_error_new_literal (AWS_ERROR, code, "The file is odd");
      g_autoptr(PorchProblem) problem = porch_problem_from_error (error);

      check_words (problem);
      g_assert_nonnull (strstr (porch_problem_get_details (problem), "The file is odd"));
    }
}

static void
test_raw_words_stay_in_details (void)
{
  g_autoptr(GError) error = g_error_new_literal (AWS_ERROR, AWS_ERROR_ACCESS_DENIED,
                                                 "User: arn:aws:iam::1:user/x is not authorized to perform: s3:PutObject");
  g_autoptr(PorchProblem) problem = porch_problem_from_error (error);

  check_words (problem);
  g_assert_nonnull (strstr (porch_problem_get_details (problem), "s3:PutObject"));
}

static void
test_patterns (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PorchProblem) problem = NULL;
  g_autoptr(PorchProblem) nested = NULL;

  error = g_error_new_literal (AWS_ERROR, AWS_ERROR_ACCESS_DENIED,
                               "Your account must be verified before you can add new CloudFront resources. To verify …");
  problem = porch_problem_from_error (error);
  check_words (problem);
  g_assert_cmpint (porch_problem_get_action (problem), ==, PORCH_PROBLEM_ACTION_SUPPORT);

  /* A session token that stores do not take */
  g_clear_error (&error);
  g_clear_object (&nested);
  error = g_error_new_literal (AWS_ERROR, AWS_ERROR_ACCESS_DENIED, "Authentication failed");
  nested = porch_problem_from_error (error);
  check_words (nested);
  g_assert_cmpint (porch_problem_get_action (nested), ==, PORCH_PROBLEM_ACTION_SIGN_IN);
  g_clear_object (&nested);

  /* The same as the reason of a failed stack */
  g_clear_error (&error);
  error = g_error_new_literal (PORCH_ERROR, PORCH_ERROR_STACK, "The site’s address could not be set up");
  porch_error_set_details (error, "Distribution: Your account must be verified before you can add new CloudFront resources.");
  nested = porch_problem_from_error (error);
  g_assert_cmpstr (porch_problem_get_title (nested), ==, porch_problem_get_title (problem));
  g_assert_nonnull (strstr (porch_problem_get_details (nested), "CloudFront"));
}

static void
test_sign_in (void)
{
  const struct
  {
    GQuark   domain;
    int      code;
    gboolean needs;
  } table[] = {
    { AWS_ERROR, AWS_ERROR_EXPIRED, TRUE },
    { AWS_ERROR, AWS_ERROR_SIGNATURE, TRUE },
    { AWS_ERROR, AWS_ERROR_UNKNOWN_KEY, TRUE },
    { AWS_ERROR, AWS_ERROR_CREDENTIALS, TRUE },
    { AWS_ERROR, AWS_ERROR_ACCESS_DENIED, FALSE },
    { AWS_ERROR, AWS_ERROR_UNREACHABLE, FALSE },
    { PORCH_ERROR, PORCH_ERROR_SIGN_IN, TRUE },
    { PORCH_ERROR, PORCH_ERROR_KEYS, FALSE },
    { PORCH_ERROR, PORCH_ERROR_NAME, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr(GError) error = g_error_new_literal (table[i].domain, table[i].code, "x");
      g_autoptr(PorchProblem) problem = porch_problem_from_error (error);

      g_assert_cmpint (porch_problem_needs_sign_in (problem), ==, table[i].needs);
    }
}

static void
test_line (void)
{
  g_autoptr(GError) error = g_error_new_literal (PORCH_ERROR, PORCH_ERROR_FOLDER_EMPTY, "“/a\nb” is empty.");
  g_autoptr(PorchProblem) problem = porch_problem_from_error (error);
  g_autofree char *line = porch_problem_to_line (problem);

  g_assert_cmpstr (line, ==, "Nothing to publish: “/a b” is empty. Choose the folder with the pages of the site.");
}

static void
test_json (void)
{
  g_autoptr(GError) error = g_error_new_literal (AWS_ERROR, AWS_ERROR_EXPIRED, "ExpiredToken");
  g_autoptr(PorchProblem) problem = porch_problem_from_error (error);
  g_autoptr(JsonObject) json = porch_problem_to_json (problem);
  g_autoptr(PorchProblem) copy = porch_problem_from_json (json);
  g_autofree char *line = porch_problem_to_line (problem);
  g_autofree char *copied = porch_problem_to_line (copy);

  g_assert_cmpstr (line, ==, copied);
  g_assert_true (porch_problem_needs_sign_in (copy));
  g_assert_cmpint (porch_problem_get_action (copy), ==, PORCH_PROBLEM_ACTION_SIGN_IN);
  g_assert_cmpstr (porch_problem_get_details (copy), ==, porch_problem_get_details (problem));
}

static void
test_cancelled (void)
{
  g_autoptr(GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "x");
  g_autoptr(GError) other = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NO_SPACE, "x");

  g_assert_true (porch_error_is_cancelled (error));
  g_assert_false (porch_error_is_cancelled (other));
  g_assert_false (porch_error_is_cancelled (NULL));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  g_test_add_func ("/site/problem/porch-codes", test_porch_codes);
  g_test_add_func ("/site/problem/aws-codes", test_aws_codes);
  g_test_add_func ("/site/problem/raw-words-stay-in-details", test_raw_words_stay_in_details);
  g_test_add_func ("/site/problem/patterns", test_patterns);
  g_test_add_func ("/site/problem/sign-in", test_sign_in);
  g_test_add_func ("/site/problem/line", test_line);
  g_test_add_func ("/site/problem/json", test_json);
  g_test_add_func ("/site/problem/cancelled", test_cancelled);

  return g_test_run ();
}

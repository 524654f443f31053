/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The reader of the shared files: any file is one, and each profile that it lists can be looked into. */

#include <sys/mman.h>
#include <unistd.h>

#include "aws-profile.h"

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

static int
open_file (void)
{
  static int file = -1;

  if (file < 0)
    {
      g_autofree char *path = NULL;

      file = memfd_create ("config", 0);
      path = g_strdup_printf ("/proc/self/fd/%d", file);
      g_setenv ("AWS_CONFIG_FILE", path, TRUE);
      g_setenv ("AWS_SHARED_CREDENTIALS_FILE", path, TRUE);
      g_unsetenv ("AWS_PROFILE");
    }

  return file;
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  static const char * const keys[] = { "region", "aws_access_key_id", "s3.addressing_style", "sso_session", "credential_process", NULL };
  int file = open_file ();
  g_auto(GStrv) names = NULL;

  if (ftruncate (file, 0) != 0 || pwrite (file, data, size, 0) != (gssize) size)
    return 0;

  names = aws_profile_list_names ();
  for (guint i = 0; i < MIN (g_strv_length (names), 8); i++)
    {
      g_autoptr(AwsProfile) profile = aws_profile_new (names[i]);

      if (*names[i] != '\0')
        g_assert_true (aws_profile_exists (profile));
      for (guint k = 0; keys[k] != NULL; k++)
        {
          const char *value = aws_profile_lookup (profile, keys[k]);

          g_assert_true (value == NULL || (*value != '\0' && g_utf8_validate (value, -1, NULL)));
        }
      aws_profile_lookup_service (profile, "s3", "endpoint_url");
    }

  return 0;
}

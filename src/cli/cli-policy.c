/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli.h"

#include "porch-permissions.h"

#include <glib/gi18n.h>

/* JSON with and without --json: it is to be pasted */
gboolean
cli_policy (Cli                *cli,
            const char * const *arguments,
            GError            **error)
{
  g_autofree char *text = NULL;
  PorchRole role;

  if (!porch_role_from_string (arguments[0], &role))
    {
      /* Translators: %s is what was typed */
      g_set_error (error, CLI_ERROR, CLI_ERROR_USAGE,
                   _("Wrong usage: there is no role “%s”. Choose owner or editor."), arguments[0]);
      return FALSE;
    }

  text = porch_permissions_dup_policy (role);
  cli_print ("%s", text);

  return TRUE;
}

/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-folder-private.h"

#include "porch-redirects.h"

#include <glib/gi18n-lib.h>

void
porch_file_free (PorchFile *self)
{
  g_free (self->path);
  g_free (self->sha256);
  g_clear_pointer (&self->parts, g_bytes_unref);
  g_free (self->type);
  g_free (self->rendition);
  g_free (self);
}

/* Whether copies may be sent instead of what is hashed first */
static gboolean
is_treated (const PorchTreatments *treatments)
{
  return porch_treatments_has (treatments, PORCH_TREATMENT_STRIP_LOCATION) ||
         porch_treatments_has (treatments, PORCH_TREATMENT_SHRINK) ||
         porch_treatments_has (treatments, PORCH_TREATMENT_LOCAL_LINKS) ||
         porch_treatments_has (treatments, PORCH_TREATMENT_FORMS);
}

PorchScan *
porch_scan_new (const char      *root,
                PorchScanFlags   flags,
                GHashTable      *hashes,
                PorchTreatments *treatments)
{
  PorchScan *self = g_atomic_rc_box_new0 (PorchScan);

  g_mutex_init (&self->lock);
  self->root = g_strdup (root);
  self->flags = flags;
  self->hashes = g_hash_table_ref (hashes);
  self->treatments = treatments != NULL ? porch_treatments_ref (treatments) : NULL;
  self->files = g_ptr_array_new_with_free_func ((GDestroyNotify) porch_file_free);
  self->findings = g_ptr_array_new_with_free_func (g_object_unref);
  self->fresh = g_ptr_array_new_with_free_func ((GDestroyNotify) porch_hash_free);
  self->left_out = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->hashed = is_treated (treatments) ? NULL : g_ptr_array_new ();
  self->started = g_get_real_time () * 1000;

  return self;
}

PorchScan *
porch_scan_ref (PorchScan *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear_scan (gpointer data)
{
  PorchScan *self = data;

  g_mutex_clear (&self->lock);
  g_free (self->root);
  g_free (self->suggestion);
  g_clear_pointer (&self->redirects, porch_redirects_unref);
  g_clear_pointer (&self->treatments, porch_treatments_unref);
  g_hash_table_unref (self->left_out);
  g_hash_table_unref (self->hashes);
  g_ptr_array_unref (self->files);
  g_ptr_array_unref (self->findings);
  g_ptr_array_unref (self->fresh);
  g_clear_pointer (&self->hashed, g_ptr_array_unref);
}

void
porch_scan_unref (PorchScan *self)
{
  g_atomic_rc_box_release_full (self, clear_scan);
}

static PorchFinding *
add_finding (PorchScan     *self,
             PorchSeverity  severity,
             const char    *rule,
             const char    *path,
             guint          line,
             const char    *text,
             const char    *fix)
{
  PorchFinding *finding = porch_finding_new (severity, rule, path, line, text, fix);

  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->findings, finding);
  g_mutex_unlock (&self->lock);

  return finding;
}

PorchFinding *
porch_scan_add (PorchScan     *self,
                PorchSeverity  severity,
                const char    *rule,
                const char    *path,
                char          *text,
                const char    *fix)
{
  PorchFinding *finding = add_finding (self, severity, rule, path, 0, text, fix);

  g_free (text);

  return finding;
}

static const char *
get_rule (PorchSecretKind kind)
{
  switch (kind)
    {
    case PORCH_SECRET_BROWSER_KEY:
      return "file.browser-key";
    case PORCH_SECRET_DATABASE:
      return "file.database";
    case PORCH_SECRET_BACKUP:
      return "file.backup";
    case PORCH_SECRET_HISTORY:
      return "file.history";
    case PORCH_SECRET_NONE:
    case PORCH_SECRET_PASSWORDS:
    case PORCH_SECRET_KEY:
    case PORCH_SECRET_TOKEN:
    default:
      return "file.secret";
    }
}

/* What it is and why that matters; never what it holds. */
static char *
tell_private (PorchSecretKind  kind,
              const char      *service,
              const char      *path,
              guint            line,
              gboolean         is_folder)
{
  g_autofree char *where = line > 0 ? g_strdup_printf (_("“%s”, line %u,"), path, line) : g_strdup_printf (_("“%s”"), path);

  switch (kind)
    {
    case PORCH_SECRET_PASSWORDS:
      /* Translators: %s is a file, in quotes, perhaps with a line */
      return is_folder ? g_strdup_printf (_("%s usually holds passwords or keys. Who has them can act as you."), where)
                       : g_strdup_printf (_("%s usually holds passwords or keys. Anyone could read them and act as you."), where);
    case PORCH_SECRET_KEY:
      return g_strdup_printf (_("%s holds a private key. Whoever reads it can act as you."), where);
    case PORCH_SECRET_TOKEN:
      /* Translators: the second %s is the name of a company such as “GitHub” */
      return g_strdup_printf (_("%s holds a secret key for %s. Programs look for such keys and misuse them within minutes."), where, service);
    case PORCH_SECRET_BROWSER_KEY:
      return g_strdup_printf (_("%s holds a key for %s that every visitor can read."), where, service);
    case PORCH_SECRET_DATABASE:
      return g_strdup_printf (_("%s is a database or a copy of one. All that is in it could be downloaded."), where);
    case PORCH_SECRET_BACKUP:
      return g_strdup_printf (_("%s looks like a backup. It could show what was never meant to be public."), where);
    case PORCH_SECRET_HISTORY:
      return g_strdup_printf (_("%s holds all earlier versions of your files, also what you took out again."), where);
    case PORCH_SECRET_NONE:
    default:
      g_return_val_if_reached (g_strdup (where));
    }
}

gboolean
porch_scan_judge_private (PorchScan       *self,
                          PorchSecretKind  kind,
                          const char      *service,
                          const char      *path,
                          guint            line,
                          gboolean         is_folder)
{
  gboolean is_confirmed = porch_treatments_is_confirmed (self->treatments, path);
  gboolean is_left_out = porch_treatments_is_left_out (self->treatments, path);
  PorchSeverity severity = (self->flags & PORCH_SCAN_LEAVE_OUT) != 0 ? PORCH_SEVERITY_WARNING : PORCH_SEVERITY_ERROR;
  g_autofree char *text = tell_private (kind, service, path, line, is_folder);
  g_autofree char *told = NULL;
  const char *fix = _("Leave it out, or say that it may be public.");
  PorchFinding *finding;

  if (kind == PORCH_SECRET_BROWSER_KEY)
    {
      add_finding (self, PORCH_SEVERITY_INFO, get_rule (kind), path, line, text,
                   _("Tell the service that only your site may use it. If it is no key for maps or the like, make a new one."));
      return TRUE;
    }

  if (is_confirmed)
    told = g_strdup_printf (_("%s It is published because you said so."), text);
  else if (is_left_out)
    told = g_strdup_printf (_("%s It is left out, as you wanted."), text);

  if (told != NULL)
    {
      severity = PORCH_SEVERITY_INFO;
      fix = NULL;
    }
  else if (severity == PORCH_SEVERITY_WARNING)
    {
      told = g_strdup_printf (_("%s It is left out."), text);
      fix = _("If it is meant for everybody, say so.");
    }

  finding = add_finding (self, severity, get_rule (kind), path, line, told != NULL ? told : text, fix);
  porch_finding_set_subject (finding, path);
  porch_finding_set_treatment (finding, PORCH_TREATMENT_CONFIRM, is_confirmed || is_left_out);

  return is_confirmed;
}

/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-finding-group.h"

#include <glib/gi18n.h>

/* Findings of one kind, with a heading for all of them: “12 links lead nowhere”. A hundred rows that say the same thing
 * frighten; one that says how many there are can be opened, or left closed.
 */
struct _PorchFindingGroup
{
  GObject         parent_instance;

  char           *key;
  GPtrArray      *findings;
  PorchCare       care;
  PorchTreatment  treatment;
};

G_DEFINE_FINAL_TYPE (PorchFindingGroup, porch_finding_group, G_TYPE_OBJECT)

static void
porch_finding_group_finalize (GObject *object)
{
  PorchFindingGroup *self = PORCH_FINDING_GROUP (object);

  g_free (self->key);
  g_ptr_array_unref (self->findings);

  G_OBJECT_CLASS (porch_finding_group_parent_class)->finalize (object);
}

static void
porch_finding_group_class_init (PorchFindingGroupClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = porch_finding_group_finalize;
}

static void
porch_finding_group_init (PorchFindingGroup *self)
{
  self->findings = g_ptr_array_new_with_free_func (g_object_unref);
}

static gboolean
is_fix (PorchTreatment treatment)
{
  return treatment != PORCH_TREATMENT_NONE && treatment != PORCH_TREATMENT_CONFIRM;
}

static PorchCare
judge_care (PorchFinding *finding)
{
  PorchTreatment treatment = porch_finding_get_treatment (finding);

  if (treatment == PORCH_TREATMENT_CONFIRM)
    return PORCH_CARE_PRIVATE;

  if (is_fix (treatment))
    return PORCH_CARE_FIXABLE;

  switch (porch_finding_get_severity (finding))
    {
    case PORCH_SEVERITY_ERROR:
      return PORCH_CARE_STOPS;
    case PORCH_SEVERITY_WARNING:
      return PORCH_CARE_WARNING;
    case PORCH_SEVERITY_INFO:
    default:
      return PORCH_CARE_HINT;
    }
}

/* What is put right by the same switch, or was broken by the same rule, belongs together. */
static char *
build_key (PorchFinding *finding,
           PorchCare     care)
{
  switch (care)
    {
    case PORCH_CARE_PRIVATE:
      return g_strdup ("private");
    case PORCH_CARE_FIXABLE:
      return g_strdup (porch_treatment_to_string (porch_finding_get_treatment (finding)));
    case PORCH_CARE_STOPS:
    case PORCH_CARE_WARNING:
    case PORCH_CARE_HINT:
    case PORCH_N_CARES:
    default:
      return g_strdup_printf ("%d %s", care, porch_finding_get_rule (finding));
    }
}

static int
compare_groups (gconstpointer a,
                gconstpointer b,
                gpointer      user_data)
{
  const PorchFindingGroup *group_a = a;
  const PorchFindingGroup *group_b = b;

  return (int) group_a->care - (int) group_b->care;
}

/**
 * porch_finding_groups_new:
 * @findings: a list of [class@Porch.Finding], in the order in which they are to be shown
 *
 * Puts together what is of one kind. The list is that of now, it does not follow @findings.
 *
 * Returns: (transfer full): a list of groups, the most urgent first
 */
GListModel *
porch_finding_groups_new (GListModel *findings)
{
  g_autoptr(GHashTable) groups = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GListStore) store = g_list_store_new (PORCH_TYPE_FINDING_GROUP);

  g_return_val_if_fail (G_IS_LIST_MODEL (findings), NULL);

  for (guint i = 0; i < g_list_model_get_n_items (findings); i++)
    {
      g_autoptr(PorchFinding) finding = g_list_model_get_item (findings, i);
      PorchCare care = judge_care (finding);
      g_autofree char *key = build_key (finding, care);
      PorchFindingGroup *group = g_hash_table_lookup (groups, key);

      if (group == NULL)
        {
          g_autoptr(PorchFindingGroup) new_group = g_object_new (PORCH_TYPE_FINDING_GROUP, NULL);

          group = new_group;
          group->care = care;
          group->treatment = porch_finding_get_treatment (finding);
          group->key = g_steal_pointer (&key);
          g_hash_table_insert (groups, group->key, group);
          g_list_store_append (store, group);
        }

      g_ptr_array_add (group->findings, g_steal_pointer (&finding));
    }

  g_list_store_sort (store, compare_groups, NULL);

  return G_LIST_MODEL (g_steal_pointer (&store));
}

PorchCare
porch_finding_group_get_care (PorchFindingGroup *self)
{
  g_return_val_if_fail (PORCH_IS_FINDING_GROUP (self), PORCH_CARE_HINT);

  return self->care;
}

/* The same for the same kind of finding, whenever the folder is looked at. */
const char *
porch_finding_group_get_key (PorchFindingGroup *self)
{
  g_return_val_if_fail (PORCH_IS_FINDING_GROUP (self), NULL);

  return self->key;
}

PorchTreatment
porch_finding_group_get_treatment (PorchFindingGroup *self)
{
  g_return_val_if_fail (PORCH_IS_FINDING_GROUP (self), PORCH_TREATMENT_NONE);

  return self->treatment;
}

guint
porch_finding_group_get_n_findings (PorchFindingGroup *self)
{
  g_return_val_if_fail (PORCH_IS_FINDING_GROUP (self), 0);

  return self->findings->len;
}

/* Borrowed. */
PorchFinding *
porch_finding_group_get_finding (PorchFindingGroup *self,
                                 guint              position)
{
  g_return_val_if_fail (PORCH_IS_FINDING_GROUP (self), NULL);
  g_return_val_if_fail (position < self->findings->len, NULL);

  return g_ptr_array_index (self->findings, position);
}

/* Whether each of the findings is put right in the copies that are sent. */
gboolean
porch_finding_group_get_is_treated (PorchFindingGroup *self)
{
  g_return_val_if_fail (PORCH_IS_FINDING_GROUP (self), FALSE);

  for (guint i = 0; i < self->findings->len; i++)
    {
      if (!porch_finding_get_is_treated (g_ptr_array_index (self->findings, i)))
        return FALSE;
    }

  return TRUE;
}

/* A rule that is about pages or links counts each of them, also where one finding stands for many */
static gboolean
counts_places (const char *rule)
{
  return (g_str_has_prefix (rule, "link.") && !g_str_equal (rule, "link.outside") && !g_str_equal (rule, "link.loop")) ||
         g_str_has_prefix (rule, "page.") || g_str_equal (rule, "picture.alt") || g_str_equal (rule, "photo.location");
}

/* How many things the title speaks of. */
guint
porch_finding_group_get_count (PorchFindingGroup *self)
{
  guint count = 0;

  g_return_val_if_fail (PORCH_IS_FINDING_GROUP (self), 0);

  for (guint i = 0; i < self->findings->len; i++)
    {
      PorchFinding *finding = g_ptr_array_index (self->findings, i);

      count += counts_places (porch_finding_get_rule (finding)) ? MAX (porch_finding_get_n_places (finding), 1) : 1;
    }

  return count;
}

/* What the pictures take, or what was saved by treating them. */
guint64
porch_finding_group_get_bytes (PorchFindingGroup *self)
{
  guint64 bytes = 0;

  g_return_val_if_fail (PORCH_IS_FINDING_GROUP (self), 0);

  for (guint i = 0; i < self->findings->len; i++)
    bytes += porch_finding_get_bytes (g_ptr_array_index (self->findings, i));

  return bytes;
}

static char *
format_link_title (const char *rule,
                   guint       n)
{
  if (g_str_equal (rule, "link.broken"))
    return g_strdup_printf (ngettext ("%'u link leads nowhere", "%'u links lead nowhere", n), n);
  else if (g_str_equal (rule, "link.case"))
    return g_strdup_printf (ngettext ("%'u link mixes up upper and lower case", "%'u links mix up upper and lower case", n), n);
  else if (g_str_equal (rule, "link.anchor"))
    return g_strdup_printf (ngettext ("%'u link leads to a place that its page does not have",
                                      "%'u links lead to places that their pages do not have", n), n);
  else if (g_str_equal (rule, "link.disk") || g_str_equal (rule, "link.local"))
    return g_strdup_printf (ngettext ("%'u link leads to this computer", "%'u links lead to this computer", n), n);
  else if (g_str_equal (rule, "link.unencrypted"))
    return g_strdup_printf (ngettext ("%'u thing is loaded without encryption",
                                      "%'u things are loaded without encryption", n), n);
  else if (g_str_equal (rule, "link.outside") || g_str_equal (rule, "link.loop"))
    return g_strdup_printf (ngettext ("%'u shortcut to another folder is left out",
                                      "%'u shortcuts to other folders are left out", n), n);

  return NULL;
}

static char *
format_page_title (const char *rule,
                   guint       n)
{
  if (g_str_equal (rule, "page.title"))
    return g_strdup_printf (ngettext ("%'u page has no title", "%'u pages have no title", n), n);
  else if (g_str_equal (rule, "page.language"))
    return g_strdup_printf (ngettext ("%'u page does not say its language", "%'u pages do not say their language", n), n);
  else if (g_str_equal (rule, "page.description"))
    return g_strdup_printf (ngettext ("%'u page has no description", "%'u pages have no description", n), n);
  else if (g_str_equal (rule, "picture.alt"))
    return g_strdup_printf (ngettext ("%'u page has pictures without a description",
                                      "%'u pages have pictures without a description", n), n);
  else if (g_str_equal (rule, "form.nowhere"))
    return g_strdup_printf (ngettext ("%'u form leads nowhere", "%'u forms lead nowhere", n), n);
  else if (g_str_equal (rule, "form.lost") || g_str_equal (rule, "form.unconnected"))
    return g_strdup_printf (ngettext ("%'u form does not come to your inbox any more",
                                      "%'u forms do not come to your inbox any more", n), n);
  else if (g_str_equal (rule, "form.mail"))
    return g_strdup_printf (ngettext ("%'u form opens the mail program", "%'u forms open the mail program", n), n);

  return NULL;
}

static char *
format_file_title (const char *rule,
                   guint       n)
{
  if (g_str_equal (rule, "picture.heavy"))
    return g_strdup_printf (ngettext ("%'u picture is very large", "%'u pictures are very large", n), n);
  else if (g_str_equal (rule, "picture.oversized"))
    return g_strdup_printf (ngettext ("%'u picture is much larger than shown", "%'u pictures are much larger than shown", n), n);
  else if (g_str_equal (rule, "photo.location"))
    return g_strdup_printf (ngettext ("%'u photo says where it was taken", "%'u photos say where they were taken", n), n);
  else if (g_str_equal (rule, "file.litter"))
    return g_strdup_printf (ngettext ("%'u file of other programs is left out", "%'u files of other programs are left out", n), n);
  else if (g_str_equal (rule, "file.special"))
    return g_strdup_printf (ngettext ("%'u thing that is no file is left out", "%'u things that are no files are left out", n), n);
  else if (g_str_equal (rule, "file.hidden"))
    return g_strdup_printf (ngettext ("%'u hidden file will be public", "%'u hidden files will be public", n), n);
  else if (g_str_equal (rule, "file.large"))
    return g_strdup_printf (ngettext ("%'u file is very large", "%'u files are very large", n), n);
  else if (g_str_equal (rule, "file.unreadable"))
    return g_strdup_printf (ngettext ("%'u file can’t be read", "%'u files can’t be read", n), n);
  else if (g_str_equal (rule, "file.changing"))
    return g_strdup_printf (ngettext ("%'u file is being written to", "%'u files are being written to", n), n);
  else if (g_str_equal (rule, "name.no-ending"))
    return g_strdup_printf (ngettext ("%'u file has no ending", "%'u files have no ending", n), n);
  else if (g_str_has_prefix (rule, "name."))
    return g_strdup_printf (ngettext ("%'u name causes trouble on the web", "%'u names cause trouble on the web", n), n);
  else if (g_str_has_prefix (rule, "redirects."))
    return g_strdup_printf (ngettext ("%'u redirect is not used", "%'u redirects are not used", n), n);

  return NULL;
}

static char *
format_fix_title (PorchFindingGroup *self,
                  guint              n)
{
  switch (self->treatment)
    {
    case PORCH_TREATMENT_STRIP_LOCATION:
      return g_strdup_printf (ngettext ("Remove the Place from %'u Photo", "Remove the Place from %'u Photos", n), n);
    case PORCH_TREATMENT_SHRINK:
      return g_strdup_printf (ngettext ("Send a Smaller Copy of %'u Picture", "Send Smaller Copies of %'u Pictures", n), n);
    case PORCH_TREATMENT_LOCAL_LINKS:
      return g_strdup_printf (ngettext ("Repair %'u Link to This Computer", "Repair %'u Links to This Computer", n), n);
    case PORCH_TREATMENT_FORMS:
      return g_strdup_printf (ngettext ("Send %'u Form to Your Inbox", "Send %'u Forms to Your Inbox", n), n);
    case PORCH_TREATMENT_NONE:
    case PORCH_TREATMENT_CONFIRM:
    default:
      return NULL;
    }
}

static char *
format_more (PorchFindingGroup *self,
             guint              n)
{
  const char *first = porch_finding_get_text (g_ptr_array_index (self->findings, 0));

  if (n == 1)
    return g_strdup (first);

  /* Translators: the first placeholder is a whole sentence about one thing */
  return g_strdup_printf (ngettext ("%s (and %'u more)", "%s (and %'u more)", n - 1), first, n - 1);
}

/**
 * porch_finding_group_dup_title:
 * @self: a group
 *
 * Returns: (transfer full): what the findings have in common, and how many they are
 */
char *
porch_finding_group_dup_title (PorchFindingGroup *self)
{
  const char *rule;
  char *title = NULL;
  guint n;

  g_return_val_if_fail (PORCH_IS_FINDING_GROUP (self), NULL);

  n = porch_finding_group_get_count (self);
  rule = porch_finding_get_rule (g_ptr_array_index (self->findings, 0));

  if (self->care == PORCH_CARE_FIXABLE)
    title = format_fix_title (self, n);
  else if (self->care == PORCH_CARE_PRIVATE)
    title = g_strdup_printf (ngettext ("%'u private file", "%'u private files", n), n);

  if (title == NULL)
    title = format_link_title (rule, n);
  if (title == NULL)
    title = format_page_title (rule, n);
  if (title == NULL)
    title = format_file_title (rule, n);

  return title != NULL ? title : format_more (self, n);
}

static char *
describe_fix (PorchFindingGroup *self)
{
  gboolean is_treated = porch_finding_group_get_is_treated (self);
  guint64 bytes = porch_finding_group_get_bytes (self);
  g_autofree char *size = g_format_size (bytes);

  switch (self->treatment)
    {
    case PORCH_TREATMENT_STRIP_LOCATION:
      return g_strdup (is_treated ? _("Done in the copies that are sent.")
                                  : _("Anyone could read where they were taken, perhaps at your home."));
    case PORCH_TREATMENT_SHRINK:
      if (is_treated && bytes > 0)
        /* Translators: the placeholder is a size such as 3.4 MB */
        return g_strdup_printf (_("Done: %s less to load, and they look the same."), size);
      else if (is_treated)
        return g_strdup (_("Done in the copies that are sent."));
      else if (bytes > 0)
        /* Translators: the placeholder is a size such as 3.4 MB */
        return g_strdup_printf (_("Together they take %s now; on a telephone that takes long to load."), size);
      return g_strdup (_("On a telephone they take long to load."));
    case PORCH_TREATMENT_LOCAL_LINKS:
      return g_strdup (is_treated ? _("Done in the copies that are sent.")
                                  : _("They work on this computer only, visitors see an error."));
    case PORCH_TREATMENT_FORMS:
      return g_strdup (_("Done in the copies that are sent."));
    case PORCH_TREATMENT_NONE:
    case PORCH_TREATMENT_CONFIRM:
    default:
      return NULL;
    }
}

/**
 * porch_finding_group_dup_reason:
 * @self: a group
 *
 * Returns: (transfer full) (nullable): why it matters and what to do, in a sentence or two
 */
char *
porch_finding_group_dup_reason (PorchFindingGroup *self)
{
  g_return_val_if_fail (PORCH_IS_FINDING_GROUP (self), NULL);

  if (self->care == PORCH_CARE_FIXABLE)
    return describe_fix (self);

  return g_strdup (porch_finding_get_fix (g_ptr_array_index (self->findings, 0)));
}

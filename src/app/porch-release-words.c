/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-release-words.h"

#include <glib/gi18n.h>

#include "porch-widget-util.h"

/* What the history says of versions, of the pages that differ in them, and of drafts. */

static void
add_part (GString    *text,
          const char *part)
{
  if (text->len > 0)
    g_string_append (text, " · ");

  g_string_append (text, part);
}

static void
add_count (GString    *text,
           const char *format,
           guint       count)
{
  g_autofree char *part = NULL;

  if (count == 0)
    return;

  part = g_strdup_printf (format, count);
  add_part (text, part);
}

/* What to call a release: what its owner said about it, or when it was made. */
char *
porch_release_dup_name (PorchRelease *release,
                        GDateTime    *now)
{
  const char *note = porch_release_get_note (release);

  return note != NULL && *note != '\0' ? g_strdup (note) : porch_moment_words (porch_release_get_date (release), now);
}

/* What a release holds and how it differs from the one before, as one line. */
char *
porch_release_describe (PorchRelease *release,
                        gboolean      with_date,
                        GDateTime    *now)
{
  GString *text = g_string_new (NULL);
  guint n_files = porch_release_get_n_files (release);
  guint n_added = porch_release_get_n_added (release);
  guint n_changed = porch_release_get_n_changed (release);
  guint n_renamed = porch_release_get_n_renamed (release);
  guint n_removed = porch_release_get_n_removed (release);
  g_autofree char *size = g_format_size (porch_release_get_n_bytes (release));
  g_autofree char *content = NULL;

  if (with_date)
    {
      g_autofree char *date = porch_moment_words (porch_release_get_date (release), now);

      add_part (text, date);
    }

  /* Translators: number of files and their size together */
  content = g_strdup_printf (ngettext ("%'u file, %s", "%'u files, %s", n_files), n_files, size);
  add_part (text, content);

  /* The first one differs from nothing */
  if (porch_release_get_previous (release) != NULL)
    {
      add_count (text, ngettext ("%'u new", "%'u new", n_added), n_added);
      add_count (text, ngettext ("%'u changed", "%'u changed", n_changed), n_changed);
      add_count (text, ngettext ("%'u renamed", "%'u renamed", n_renamed), n_renamed);
      add_count (text, ngettext ("%'u removed", "%'u removed", n_removed), n_removed);
    }

  return g_string_free_and_steal (text);
}

/* Who published a release, and from where; NULL if nobody knows. */
char *
porch_release_dup_origin (PorchRelease *release)
{
  const char *author = porch_release_get_author (release);
  const char *source = porch_release_get_source (release);
  g_autofree char *who = author != NULL && *author != '\0' ? porch_isolate (author) : NULL;
  g_autofree char *where = source != NULL && *source != '\0' ? porch_isolate (source) : NULL;

  if (who != NULL && where != NULL)
    /* Translators: the placeholders are a person and the name of a folder */
    return g_strdup_printf (_("By %s, from the folder “%s”"), who, where);
  else if (who != NULL)
    /* Translators: the placeholder is a person */
    return g_strdup_printf (_("By %s"), who);
  else if (where != NULL)
    /* Translators: the placeholder is the name of a folder */
    return g_strdup_printf (_("From the folder “%s”"), where);
  else
    return NULL;
}

/* What differs and is not named: pages beyond those that are, and files that are no pages; NULL if there is nothing. */
char *
porch_release_dup_rest (PorchRelease *release)
{
  guint n_named = porch_release_get_n_page_changes (release);
  guint n_pages = MAX (porch_release_get_n_pages (release), n_named);
  guint n_all = porch_release_get_n_added (release) + porch_release_get_n_changed (release) +
                porch_release_get_n_renamed (release) + porch_release_get_n_removed (release);
  guint n_files = n_all > n_pages ? n_all - n_pages : 0;
  guint n_more = n_pages - n_named;
  g_autofree char *pages = NULL;
  g_autofree char *files = NULL;

  if (n_more > 0)
    pages = g_strdup_printf (ngettext ("And %'u more page", "And %'u more pages", n_more), n_more);

  if (n_files > 0 && n_pages > 0)
    files = g_strdup_printf (ngettext ("And %'u other file, such as a picture or a style",
                                       "And %'u other files, such as pictures and styles", n_files), n_files);
  else if (n_files > 0)
    files = g_strdup_printf (ngettext ("No page, but %'u other file, such as a picture or a style",
                                       "No page, but %'u other files, such as pictures and styles", n_files), n_files);

  if (pages != NULL && files != NULL)
    return g_strconcat (pages, "\n", files, NULL);

  return pages != NULL ? g_steal_pointer (&pages) : g_steal_pointer (&files);
}

/* The address of a page inside the site, as visitors know it */
static char *
build_address (const char *path)
{
  g_autofree char *folder = NULL;

  if (g_str_equal (path, "index.html"))
    return g_strdup ("/");

  if (g_str_has_suffix (path, "/index.html"))
    folder = g_strndup (path, strlen (path) - strlen ("index.html"));

  return g_strconcat ("/", folder != NULL ? folder : path, NULL);
}

static gboolean
has_title (const PorchPageChange *change)
{
  return change->title != NULL && *change->title != '\0';
}

/* What a page calls itself, or its address. */
char *
porch_page_change_dup_title (const PorchPageChange *change)
{
  if (has_title (change))
    return g_strdup (change->title);

  return build_address (change->path);
}

/* What became of a page, and where it is. */
char *
porch_page_change_dup_detail (const PorchPageChange *change)
{
  static const char * const words[] = {
    [PORCH_CHANGE_ADDED] = NC_("page", "New"),
    [PORCH_CHANGE_CHANGED] = NC_("page", "Changed"),
    [PORCH_CHANGE_REMOVED] = NC_("page", "Removed"),
    [PORCH_CHANGE_RENAMED] = NC_("page", "Renamed"),
  };
  const char *word = g_dpgettext2 (NULL, "page", words[change->kind]);
  g_autofree char *address = build_address (change->path);
  g_autofree char *shown = porch_isolate (address);

  if (change->kind == PORCH_CHANGE_RENAMED && change->old_path != NULL)
    {
      g_autofree char *old = build_address (change->old_path);
      g_autofree char *shown_old = porch_isolate (old);

      /* Translators: the placeholders are the address of a page now and the one it had */
      return g_strdup_printf (_("Renamed · %s, was %s"), shown, shown_old);
    }

  return has_title (change) ? g_strdup_printf ("%s · %s", word, shown) : g_strdup (word);
}

const char *
porch_change_kind_icon (PorchChangeKind kind)
{
  switch (kind)
    {
    case PORCH_CHANGE_ADDED:
      return "list-add-symbolic";
    case PORCH_CHANGE_REMOVED:
      return "list-remove-symbolic";
    case PORCH_CHANGE_RENAMED:
      return "insert-link-symbolic";
    case PORCH_CHANGE_CHANGED:
    default:
      return "document-edit-symbolic";
    }
}

/* Whether there is nothing that the owner has to know of. */
gboolean
porch_receipt_is_good (PorchReceipt *receipt)
{
  PorchReceiptState state = receipt != NULL ? porch_receipt_get_state (receipt) : PORCH_RECEIPT_SEEN;

  return state == PORCH_RECEIPT_SEEN || state == PORCH_RECEIPT_NOT_LOOKED;
}

/* What was seen of a version, in one line. */
char *
porch_receipt_dup_title (PorchReceipt *receipt,
                         GDateTime    *now)
{
  g_autofree char *moment = NULL;

  if (porch_receipt_get_state (receipt) != PORCH_RECEIPT_SEEN)
    return porch_receipt_dup_sentence (receipt);

  moment = porch_moment_words (porch_receipt_get_date (receipt), now);

  /* Translators: the placeholder is a moment, as in Today at 14:05 */
  return g_strdup_printf (_("Seen by a Visitor: %s"), moment);
}

static void
add_line (GString *text,
          char    *line)
{
  if (text->len > 0)
    g_string_append_c (text, '\n');

  g_string_append (text, line);
  g_free (line);
}

static char *
describe_flaw (const PorchReceiptPage *page)
{
  const char *name = page->title != NULL && *page->title != '\0' ? page->title : page->path;

  if (page->status == 0)
    /* Translators: the placeholder is the title of a page */
    return g_strdup_printf (_("“%s” did not answer"), name);
  else if (page->is_old)
    /* Translators: the placeholder is the title of a page */
    return g_strdup_printf (_("“%s” was still as before"), name);
  else if (page->status == 200)
    /* Translators: the placeholder is the title of a page */
    return g_strdup_printf (_("“%s” was not the page that was published"), name);
  else
    /* Translators: the title of a page, and the number of an error such as 404 */
    return g_strdup_printf (_("“%s” answered with the error %u"), name, page->status);
}

/* The pages that a visitor looked at, and the ones that were not as they should be; NULL if there is nothing to say. */
char *
porch_receipt_dup_detail (PorchReceipt *receipt)
{
  GString *text = g_string_new (NULL);
  guint n_pages = porch_receipt_get_n_pages (receipt);
  const char *reason = porch_receipt_get_reason (receipt);
  double seconds = MAX (porch_receipt_get_seconds (receipt), 0.1);

  if (reason != NULL)
    add_line (text, g_strdup (reason));

  if (porch_receipt_get_state (receipt) == PORCH_RECEIPT_SEEN && n_pages > 1)
    add_line (text, g_strdup_printf (ngettext ("The start page and %u other page were there within %.1f seconds",
                                               "The start page and %u other pages were there within %.1f seconds",
                                               n_pages - 1), n_pages - 1, seconds));
  else if (porch_receipt_get_state (receipt) == PORCH_RECEIPT_SEEN)
    add_line (text, g_strdup_printf (_("The start page was there within %.1f seconds"), seconds));

  for (guint i = 0; i < n_pages; i++)
    if (!porch_receipt_get_page (receipt, i)->is_good)
      add_line (text, describe_flaw (porch_receipt_get_page (receipt, i)));

  return g_string_free (text, text->len == 0);
}

/* Until when a draft can be seen. */
char *
porch_draft_describe (PorchDraft *draft,
                      GDateTime  *now)
{
  g_autoptr(GDateTime) local = g_date_time_to_local (porch_draft_get_until (draft));
  g_autofree char *moment = NULL;
  gboolean today = g_date_time_get_day_of_year (local) == g_date_time_get_day_of_year (now) &&
                   g_date_time_get_year (local) == g_date_time_get_year (now);

  if (porch_draft_is_over (draft))
    return g_strdup (_("Its time is over: the link shows nobody anything any more."));

  if (today)
    /* Translators: a time of day, as in 14:05; see the manual of g_date_time_format() */
    moment = g_date_time_format (local, _("Until today at %H:%M, for everybody who has the link"));
  else
    /* Translators: a day, as in Monday, 5 March; see the manual of g_date_time_format() */
    moment = g_date_time_format (local, _("Until %A, %-d %B, for everybody who has the link"));

  return g_steal_pointer (&moment);
}

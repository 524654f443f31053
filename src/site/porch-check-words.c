/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-check-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The first place, and how many others there are */
static char *
tell_where (const Problem *problem)
{
  const PorchFindingPlace *place = &g_array_index (problem->places, PorchFindingPlace, 0);
  guint n_others = problem->n_places - 1;
  g_autofree char *first = NULL;

  if (place->line > 0)
    /* Translators: the path of a file, and where in it */
    first = g_strdup_printf (_("“%s”, line %u"), place->path, place->line);
  else
    first = g_strdup_printf (_("“%s”"), place->path);

  if (n_others == 0)
    return g_steal_pointer (&first);

  /* Translators: %s is a place such as “index.html”, line 12 */
  return g_strdup_printf (ngettext ("%s and %u other place", "%s and %u other places", n_others), first, n_others);
}

static char *
tell_missing (const Problem  *problem,
              const char     *where,
              const char    **fix)
{
  if (g_str_equal (problem->rule, "link.case"))
    {
      *fix = _("Give the file the name that the link uses. On the web, upper and lower case make a difference.");
      return g_strdup_printf (_("A link leads to “/%s”, but the file is called “%s” (%s)."), problem->subject, problem->other, where);
    }

  if (g_str_equal (problem->rule, "link.left-out"))
    {
      *fix = _("Visitors won’t get it. Put a copy where it is published, and link to that.");
      return g_strdup_printf (_("A page needs “/%s”, which is not published (%s)."), problem->subject, where);
    }

  if (problem->kind == PORCH_LINK_PICTURE)
    {
      *fix = _("Visitors see a gap there. Correct the address, or add the picture.");
      return g_strdup_printf (_("The picture “/%s” does not exist (%s)."), problem->subject, where);
    }

  if (problem->kind == PORCH_LINK_RESOURCE)
    {
      *fix = _("The page may look or work differently without it. Correct the address, or add the file.");
      return g_strdup_printf (_("A page loads “/%s”, which does not exist (%s)."), problem->subject, where);
    }

  *fix = _("Visitors get to an error page. Correct the link, or add the file.");

  return g_strdup_printf (_("A link leads to “/%s”, which does not exist (%s)."), problem->subject, where);
}

/* Addresses of the owner's own computer */
static char *
tell_local (const Problem  *problem,
            const char     *where,
            const char    **fix)
{
  gboolean is_disk = g_str_equal (problem->rule, "link.disk");
  guint n = problem->n_places;

  if (problem->is_treated)
    return is_disk ? g_strdup_printf (ngettext ("%u link to a file of your computer leads to the same file of the site in the copy that is sent (%s).",
                                                "%u links to files of your computer lead to the same files of the site in the copy that is sent (%s).", n),
                                      n, where)
                   : g_strdup_printf (ngettext ("%u link to your own computer leads to the same file of the site in the copy that is sent (%s).",
                                                "%u links to your own computer lead to the same files of the site in the copy that is sent (%s).", n),
                                      n, where);

  if (problem->treatment == PORCH_TREATMENT_LOCAL_LINKS)
    {
      *fix = _("They work for nobody else, but the files are here: let the copy that is sent lead to them.");
      return is_disk ? g_strdup_printf (ngettext ("%u link leads to a file of your computer that is part of the site (%s).",
                                                  "%u links lead to files of your computer that are part of the site (%s).", n), n, where)
                     /* Translators: the last but one is an address such as “localhost:8080” */
                     : g_strdup_printf (ngettext ("%u link leads to your own computer, “%s” (%s).",
                                                  "%u links lead to your own computer, “%s” (%s).", n), n, problem->other, where);
    }

  if (is_disk)
    {
      *fix = _("Put the file into the folder and link to it there. Visitors can’t see the files of your computer.");
      return g_strdup_printf (_("“%s” is a file on your computer (%s)."), problem->subject, where);
    }

  *fix = _("Replace it by the address on your site. It answers on your own computer or network only.");

  return g_strdup_printf (_("“%s” is an address of your own computer (%s)."), problem->subject, where);
}

static char *
tell_link (const Problem  *problem,
           const char     *where,
           const char    **fix)
{
  if (g_str_equal (problem->rule, "link.anchor"))
    {
      *fix = _("The page still opens, but at its top. Correct the link, or give the place that name.");
      return g_strdup_printf (_("A link leads to “/%s”, but that page has no place called “%s” (%s)."), problem->subject, problem->other, where);
    }

  if (g_str_equal (problem->rule, "link.unencrypted"))
    {
      *fix = _("Browsers refuse to load it like this. Write https:// if the other site has that, or use a copy on your own site.");
      return g_strdup_printf (_("“%s” is loaded without encryption (%s)."), problem->subject, where);
    }

  if (g_str_equal (problem->rule, "link.disk") || g_str_equal (problem->rule, "link.local"))
    return tell_local (problem, where, fix);

  return tell_missing (problem, where, fix);
}

static char *
tell_page (const Problem  *problem,
           const char     *where,
           const char    **fix)
{
  guint n = problem->n_places;

  if (g_str_equal (problem->rule, "page.title"))
    {
      *fix = _("Browsers and search engines show the title. Put one between <title> and </title>.");
      return g_strdup_printf (ngettext ("%u page has no title: %s.", "%u pages have no title: %s.", n), n, where);
    }

  if (g_str_equal (problem->rule, "page.language"))
    {
      *fix = _("Screen readers and translators need it. Begin the page with <html lang=\"en\">, or your language instead of “en”.");
      return g_strdup_printf (ngettext ("%u page does not say its language: %s.", "%u pages do not say their language: %s.", n), n, where);
    }

  if (g_str_equal (problem->rule, "page.description"))
    {
      *fix = _("Search engines show it under the title. Add <meta name=\"description\" content=\"…\">.");
      return g_strdup_printf (ngettext ("%u page has no description: %s.", "%u pages have no description: %s.", n), n, where);
    }

  *fix = _("Say in a few words what they show (alt=\"…\"), or alt=\"\" if they are mere ornament. Who can’t see them hears that instead.");

  return g_strdup_printf (ngettext ("%u page has pictures without a description: %s.",
                                    "%u pages have pictures without a description: %s.", n), n, where);
}

static char *
tell_picture (const Problem  *problem,
              const char     *where,
              const char    **fix)
{
  guint n = problem->n_places;

  if (problem->is_treated)
    {
      g_autofree char *saved = g_format_size (problem->bytes);

      /* Translators: the first %s is one or more files, the second a size such as “3 MB” */
      return g_strdup_printf (ngettext ("%u picture is smaller in the copy that is sent: %s. That saves %s.",
                                        "%u pictures are smaller in the copy that is sent: %s. That saves %s.", n), n, where, saved);
    }

  if (g_str_equal (problem->rule, "picture.heavy"))
    {
      *fix = _("On a telephone it takes long to load. For a page, 2,000 pixels in width are plenty.");
      return g_strdup_printf (_("The picture “%s” is very large (%s)."), problem->subject, problem->other);
    }

  *fix = _("Make it smaller; the page then loads faster and looks the same.");

  return g_strdup_printf (_("The picture “%s” is much larger than it is shown: %s (%s)."), problem->subject, problem->other, where);
}

static char *
tell_photo (const Problem  *problem,
            const char     *where,
            const char    **fix)
{
  guint n = problem->n_places;

  if (problem->is_treated)
    return g_strdup_printf (ngettext ("%u photo does not say any more where it was taken, in the copy that is sent: %s.",
                                      "%u photos do not say any more where they were taken, in the copy that is sent: %s.", n), n, where);

  *fix = problem->treatment == PORCH_TREATMENT_STRIP_LOCATION
           ? _("Anyone can read it, perhaps that of your home. It can be taken out of the copy that is sent.")
           : _("Anyone can read it, perhaps that of your home, and it can’t be taken out here. Use a picture program.");

  return g_strdup_printf (ngettext ("%u photo says where it was taken: %s.", "%u photos say where they were taken: %s.", n), n, where);
}

/* A form that is connected, but can't be */
static char *
tell_unconnected (const Problem  *problem,
                  const char     *where,
                  const char    **fix)
{
  *fix = _("Put the form from “Copy Form” in its place; it is in the settings of the site, under Contact Form.");

  if (g_str_equal (problem->subject, "files"))
    return g_strdup_printf (_("A form that was connected now asks for files, and is not sent to your inbox any more (%s)."), where);
  if (g_str_equal (problem->subject, "private"))
    return g_strdup_printf (_("A form that was connected now asks for a password or a payment, and is not sent to your inbox any more (%s)."), where);
  if (g_str_equal (problem->subject, "script"))
    return g_strdup_printf (_("A form that was connected is now sent by a program in the page, and not to your inbox any more (%s)."), where);

  *fix = _("Save the page as UTF-8, or put the form from “Copy Form” in its place; it is in the settings of the site, under Contact Form.");

  return g_strdup_printf (_("A connected form is not sent to your inbox: it could not be told where it stands in its page (%s)."), where);
}

static char *
tell_form (const Problem  *problem,
           const char     *where,
           const char    **fix)
{
  guint n = problem->n_places;

  if (g_str_equal (problem->rule, "form.connected"))
    return g_strdup_printf (ngettext ("%u form is sent to your inbox, in the copy that is sent: %s.",
                                      "%u forms are sent to your inbox, in the copy that is sent: %s.", n), n, where);

  if (g_str_equal (problem->rule, "form.lost"))
    {
      *fix = _("Connect it again in the settings of the site, under Contact Form.");

      if (g_str_equal (problem->subject, "changed"))
        return g_strdup_printf (ngettext ("%u form is not sent to your inbox any more: it was connected, and was changed since then (%s).",
                                          "%u forms are not sent to your inbox any more: they were connected, and were changed since then (%s).",
                                          n), n, where);

      return g_strdup_printf (ngettext ("A form that was connected is not in your pages any more, but %u that leads elsewhere (%s).",
                                        "A form that was connected is not in your pages any more, but %u that lead elsewhere (%s).", n), n, where);
    }

  if (g_str_equal (problem->rule, "form.unconnected"))
    return tell_unconnected (problem, where, fix);

  if (g_str_equal (problem->rule, "form.path"))
    {
      *fix = _("Give the form another path in the settings of the site, under Contact Form, or the page another name.");
      return g_strdup_printf (_("Visitors can’t open “%s”: its address, “%s”, is that of the contact form."), problem->other, problem->subject);
    }

  if (g_str_equal (problem->rule, "form.mail"))
    {
      *fix = _("Many visitors have none set up. Connect the form in the settings of the site, under Contact Form.");
      return g_strdup_printf (_("A form opens the visitor’s mail program (%s)."), where);
    }

  if (g_str_equal (problem->rule, "form.unencrypted"))
    {
      *fix = _("Others can read what visitors write, and browsers warn of it. Write https:// if the other site has that.");
      return g_strdup_printf (_("A form is sent to “%s” without encryption (%s)."), problem->subject, where);
    }

  *fix = _("What visitors write is lost. Connect the form in the settings of the site, under Contact Form.");

  return g_strdup_printf (_("A form leads nowhere (%s)."), where);
}

static char *
tell (const Problem  *problem,
      const char     *where,
      const char    **fix)
{
  if (g_str_has_prefix (problem->rule, "link."))
    return tell_link (problem, where, fix);
  if (g_str_has_prefix (problem->rule, "page.") || g_str_equal (problem->rule, "picture.alt"))
    return tell_page (problem, where, fix);
  if (g_str_has_prefix (problem->rule, "picture."))
    return tell_picture (problem, where, fix);
  if (g_str_has_prefix (problem->rule, "photo."))
    return tell_photo (problem, where, fix);

  return tell_form (problem, where, fix);
}

static int
compare_places (gconstpointer a,
                gconstpointer b)
{
  const PorchFindingPlace *place_a = a;
  const PorchFindingPlace *place_b = b;
  int order = strcmp (place_a->path, place_b->path);

  return order != 0 ? order : (place_a->line > place_b->line) - (place_a->line < place_b->line);
}

/* What is wrong there, for lists of places: not the internal mark of a treated problem */
static const char *
get_subject (const Problem *problem)
{
  if (problem->treatment == PORCH_TREATMENT_LOCAL_LINKS)
    return problem->other;
  if (*problem->subject == '\0' || g_str_has_prefix (problem->rule, "photo.") || problem->is_treated ||
      g_str_equal (problem->rule, "form.lost") || g_str_equal (problem->rule, "form.unconnected"))
    return NULL;

  return problem->subject;
}

PorchFinding *
porch_problem_to_finding (Problem *problem)
{
  static const char * const hints[] = { "link.anchor", "page.description", "picture.oversized", NULL };
  gboolean is_hint = problem->is_treated || g_strv_contains (hints, problem->rule);
  const PorchFindingPlace *first;
  g_autofree char *where = NULL;
  g_autofree char *text = NULL;
  const char *fix = NULL;
  PorchFinding *finding;

  g_array_sort (problem->places, compare_places);
  first = &g_array_index (problem->places, PorchFindingPlace, 0);
  where = tell_where (problem);
  text = tell (problem, where, &fix);

  finding = porch_finding_new (is_hint ? PORCH_SEVERITY_INFO : PORCH_SEVERITY_WARNING, problem->rule, first->path, first->line, text, fix);
  porch_finding_set_subject (finding, get_subject (problem));
  porch_finding_set_treatment (finding, problem->treatment, problem->is_treated);
  porch_finding_set_bytes (finding, problem->bytes);
  porch_finding_set_places (finding, problem->places, problem->n_places);

  return finding;
}

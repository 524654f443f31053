/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-message-words.h"

#include <glib/gi18n.h>
#include <string.h>

#include "porch-widget-util.h"

/* What became of a message, in words for people */

static const struct
{
  const char *reason;
  const char *words;
} reasons[] = {
  { "honeypot", N_("a field was filled in that people don’t see") },
  { "fast", N_("it was sent faster than anybody writes") },
  { "links", N_("it is full of links") },
  { "repeats", N_("it says the same again and again") },
};

static char *
join_reasons (const char * const *given)
{
  g_autoptr(GPtrArray) words = g_ptr_array_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (given != NULL && g_strv_contains (given, reasons[i].reason))
      g_ptr_array_add (words, _(reasons[i].words));

  g_ptr_array_add (words, NULL);

  /* Translators: stands between two reasons for which a message looks like spam */
  return words->len > 1 ? g_strjoinv (_(", and "), (char **) words->pdata) : NULL;
}

/* http://example.org and @example.org are clues of their own kind */
static char *
quote_clue (const char *clue)
{
  g_autofree char *isolated = NULL;

  if (g_str_has_prefix (clue, "http://"))
    {
      isolated = porch_isolate (clue + strlen ("http://"));
      /* Translators: one of the things by which spam was recognised: a link to the computer %s */
      return g_strdup_printf (_("a link to %s"), isolated);
    }

  isolated = porch_isolate (clue);

  /* Translators: one of the things by which spam was recognised: a word, in quotation marks */
  return g_strdup_printf (_("“%s”"), isolated);
}

static char *
join_clues (const char * const *clues)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) quoted = NULL;

  for (guint i = 0; clues != NULL && clues[i] != NULL; i++)
    g_strv_builder_take (builder, quote_clue (clues[i]));

  quoted = g_strv_builder_end (builder);

  /* Translators: stands between the words by which spam was recognised */
  return quoted[0] != NULL ? g_strjoinv (_(", "), quoted) : NULL;
}

/**
 * porch_message_words_for_spam:
 * @message: a message
 *
 * Returns: (transfer full) (nullable): why it is held for spam, `NULL` if it is not
 */
char *
porch_message_words_for_spam (PorchMessage *message)
{
  g_autofree char *why = NULL;

  if (!porch_message_get_spam (message))
    return NULL;

  switch (porch_message_get_spam_source (message))
    {
    case PORCH_SPAM_BY_PERSON:
      return g_strdup (_("Somebody marked it as spam."));

    case PORCH_SPAM_BY_FILTER:
      why = join_clues (porch_message_get_clues (message));
      /* Translators: %s is a list of words and links */
      return why != NULL ? g_strdup_printf (_("It resembles what was marked as spam before: %s."), why)
                         : g_strdup (_("It resembles what was marked as spam before."));

    case PORCH_SPAM_BY_FORM:
    default:
      why = join_reasons (porch_message_get_reasons (message));
      /* Translators: %s is one reason or several, such as: it is full of links */
      return why != NULL ? g_strdup_printf (_("It looks like advertising: %s."), why) : g_strdup (_("It looks like advertising."));
    }
}

static char *
explain_mail (const char *error)
{
  if (error == NULL)
    return g_strdup (_("The mail service does not say why."));
  else if (strstr (error, "not verified") != NULL || strstr (error, "NotVerified") != NULL)
    return g_strdup (_("Your mail address is not confirmed. Open the settings of this site to have the confirmation sent again."));
  else if (strstr (error, "Interrupted") != NULL)
    return g_strdup (_("The line broke while it was sent, so it may have arrived or not."));
  else if (strstr (error, "SendingPaused") != NULL || strstr (error, "AccountSuspended") != NULL)
    return g_strdup (_("Sending mail is switched off for your account at the moment."));

  /* Translators: %s is what a mail service answered, in English */
  return g_strdup_printf (_("The mail service answered: %s"), error);
}

/**
 * porch_message_words_for_mail:
 * @message: a message
 *
 * Returns: (transfer full) (nullable): why it was not mailed and what becomes of it, `NULL` if nothing is wrong; of one
 *   whose mail was not begun, that it was not
 */
char *
porch_message_words_for_mail (PorchMessage *message)
{
  g_autofree char *why = NULL;

  if (porch_message_get_mail_state (message) == PORCH_MAIL_NONE)
    return g_strconcat (_("The message itself is safe here."), " ", _("It was not mailed to you, and nobody knows why."), NULL);

  if (porch_message_get_mail_state (message) != PORCH_MAIL_FAILED)
    return NULL;

  why = explain_mail (porch_message_get_mail_error (message));

  return g_strconcat (_("The message itself is safe here."), " ", why,
                      porch_message_get_given_up (message) ? NULL : " ", _("It is tried again by itself."), NULL);
}

/**
 * porch_message_words_for_unmailed:
 * @count: how many messages were not mailed
 *
 * Returns: (transfer full): a sentence that says so without alarm
 */
char *
porch_message_words_for_unmailed (guint count)
{
  return g_strdup_printf (ngettext ("%u not mailed, but it is here", "%u not mailed, all here", count), count);
}

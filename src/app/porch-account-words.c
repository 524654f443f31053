/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-account-words.h"

#include <glib/gi18n.h>

#include "porch-widget-util.h"

/* One line about an account for a list. */
char *
porch_account_summary_words (PorchAccountKind  kind,
                             const char       *number)
{
  g_autofree char *spaced = NULL;

  if (kind == PORCH_ACCOUNT_PRACTICE)
    return g_strdup (_("For practice, costs nothing"));

  if (number == NULL)
    return g_strdup ("");

  spaced = porch_account_number_words (number);

  /* Translators: the placeholder is the number of an account, such as 1234-5678-9012 */
  return g_strdup_printf (_("Number %s"), spaced);
}

/* How somebody signs in to @account. */
char *
porch_account_kind_words (PorchAccount *account)
{
  g_autofree char *name = NULL;

  switch (porch_account_get_kind (account))
    {
    case PORCH_ACCOUNT_PRACTICE:
      return g_strdup (_("Nobody has to, it is on this computer"));

    case PORCH_ACCOUNT_SIGN_IN:
      return g_strdup (_("In the browser"));

    case PORCH_ACCOUNT_SSO:
      if (porch_account_get_start_url (account) == NULL)
        return g_strdup (_("At the page of an organization"));

      name = porch_isolate (porch_account_get_start_url (account));
      /* Translators: the placeholder is the address of a sign-in page */
      return g_strdup_printf (_("At %s"), name);

    case PORCH_ACCOUNT_PROFILE:
      name = porch_isolate (porch_account_get_profile (account));
      /* Translators: the placeholder is the name of a profile */
      return g_strdup_printf (_("With the profile “%s” of another tool"), name);

    case PORCH_ACCOUNT_ENVIRONMENT:
      return g_strdup (_("With keys that were given when Porchlight was started"));

    case PORCH_ACCOUNT_KEYS:
    default:
      name = porch_isolate (porch_account_get_key_id (account) != NULL ? porch_account_get_key_id (account) : "");
      /* Translators: the placeholder is an access key ID */
      return g_strdup_printf (_("With the key %s"), name);
    }
}

/* Where the secret of @account is, which nobody should have to wonder about. */
char *
porch_account_secret_words (PorchAccount *account)
{
  PorchProblem *problem = porch_account_get_keyring_problem (account);

  switch (porch_account_get_kind (account))
    {
    case PORCH_ACCOUNT_PRACTICE:
      return g_strdup (_("There is none"));

    case PORCH_ACCOUNT_PROFILE:
      return g_strdup (_("With the other tool; Porchlight copies nothing"));

    case PORCH_ACCOUNT_ENVIRONMENT:
      return g_strdup (_("Nowhere"));

    case PORCH_ACCOUNT_KEYS:
    case PORCH_ACCOUNT_SIGN_IN:
    case PORCH_ACCOUNT_SSO:
    default:
      if (!porch_account_is_session_only (account))
        return g_strdup (_("In your keyring, and nowhere else"));

      if (problem == NULL)
        return g_strdup (_("Only in memory, until you quit"));

      /* Translators: the placeholder says why the keyring can't be used */
      return g_strdup_printf (_("Only in memory, until you quit. %s."), porch_problem_get_title (problem));
    }
}

/* What the button says that makes @account usable again. */
char *
porch_account_renewal_label (PorchAccount *account)
{
  switch (porch_account_get_renewal (account))
    {
    case PORCH_ACCOUNT_RENEWAL_KEYS:
      return g_strdup (_("Enter _New Keys…"));

    case PORCH_ACCOUNT_RENEWAL_OUTSIDE:
      return g_strdup (_("_Check Again…"));

    case PORCH_ACCOUNT_RENEWAL_NONE:
    case PORCH_ACCOUNT_RENEWAL_BROWSER:
    default:
      return g_strdup (_("_Sign In Again…"));
    }
}

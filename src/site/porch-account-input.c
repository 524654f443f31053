/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-account.h"
#include "porch-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What people paste or drop: the files that the console offers, and what remains of them after a mail program */

typedef struct
{
  const char *code;
  const char *name;
} Region;

static const Region regions[] = {
  { "eu-central-1", N_("Frankfurt, Germany") },
  { "eu-west-1", N_("Ireland") },
  { "eu-west-2", N_("London, United Kingdom") },
  { "eu-west-3", N_("Paris, France") },
  { "eu-north-1", N_("Stockholm, Sweden") },
  { "eu-south-1", N_("Milan, Italy") },
  { "eu-south-2", N_("Spain") },
  { "eu-central-2", N_("Zurich, Switzerland") },
  { "us-east-1", N_("Northern Virginia, USA") },
  { "us-east-2", N_("Ohio, USA") },
  { "us-west-1", N_("Northern California, USA") },
  { "us-west-2", N_("Oregon, USA") },
  { "ca-central-1", N_("Canada") },
  { "ca-west-1", N_("Calgary, Canada") },
  { "mx-central-1", N_("Mexico") },
  { "sa-east-1", N_("São Paulo, Brazil") },
  { "af-south-1", N_("Cape Town, South Africa") },
  { "me-central-1", N_("United Arab Emirates") },
  { "me-south-1", N_("Bahrain") },
  { "il-central-1", N_("Tel Aviv, Israel") },
  { "ap-south-1", N_("Mumbai, India") },
  { "ap-south-2", N_("Hyderabad, India") },
  { "ap-southeast-1", N_("Singapore") },
  { "ap-southeast-2", N_("Sydney, Australia") },
  { "ap-southeast-3", N_("Jakarta, Indonesia") },
  { "ap-southeast-4", N_("Melbourne, Australia") },
  { "ap-southeast-5", N_("Malaysia") },
  { "ap-southeast-7", N_("Thailand") },
  { "ap-northeast-1", N_("Tokyo, Japan") },
  { "ap-northeast-2", N_("Seoul, South Korea") },
  { "ap-northeast-3", N_("Osaka, Japan") },
  { "ap-east-1", N_("Hong Kong") },
};

/**
 * porch_account_list_regions:
 *
 * Returns: (transfer none): the regions to choose from
 */
const char * const *
porch_account_list_regions (void)
{
  static const char *codes[G_N_ELEMENTS (regions) + 1];

  for (guint i = 0; i < G_N_ELEMENTS (regions); i++)
    codes[i] = regions[i].code;

  return codes;
}

/**
 * porch_account_describe_region:
 * @region: a region
 *
 * Returns: (transfer none): where it is, for people; @region itself if it is not known
 */
const char *
porch_account_describe_region (const char *region)
{
  for (guint i = 0; i < G_N_ELEMENTS (regions); i++)
    if (g_strcmp0 (region, regions[i].code) == 0)
      return _(regions[i].name);

  return region;
}

/**
 * porch_account_check_region:
 * @region: a region
 * @error: return location
 *
 * Regions newer than this program are fine, as long as they look like one.
 *
 * Returns: whether it can be a region
 */
gboolean
porch_account_check_region (const char  *region,
                            GError     **error)
{
  g_return_val_if_fail (region != NULL, FALSE);

  if (strlen (region) <= 24 &&
      g_regex_match_simple ("^[a-z]{2,3}(-[a-z]+)+-[0-9]{1,2}$", region, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT))
    return TRUE;

  g_set_error (error, PORCH_ERROR, PORCH_ERROR_REGION,
               _("“%s” is not the code of a region, such as eu-central-1."), region);

  return FALSE;
}

/**
 * porch_account_check_key_id:
 * @key_id: an access key id
 * @error: return location
 *
 * Returns: whether it can be one
 */
gboolean
porch_account_check_key_id (const char  *key_id,
                            GError     **error)
{
  g_return_val_if_fail (key_id != NULL, FALSE);

  if (g_regex_match_simple ("^[A-Z0-9]{16,128}$", key_id, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT))
    return TRUE;

  g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_KEYS,
                       _("An access key is usually 20 capital letters and digits and starts with AKIA."));

  return FALSE;
}

/**
 * porch_account_check_secret:
 * @secret: a secret access key
 * @error: return location
 *
 * Returns: whether it can be one
 */
gboolean
porch_account_check_secret (const char  *secret,
                            GError     **error)
{
  g_return_val_if_fail (secret != NULL, FALSE);

  if (g_regex_match_simple ("^[A-Za-z0-9/+]{40}$", secret, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT))
    return TRUE;

  g_set_error (error, PORCH_ERROR, PORCH_ERROR_KEYS,
               _("A secret key has 40 letters, digits, “/” and “+”; this one has %u characters."),
               (guint) g_utf8_strlen (secret, -1));

  return FALSE;
}

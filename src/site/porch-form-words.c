/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-form-words.h"
#include "porch-site-private.h"

#include "aws-dynamodb.h"
#include "aws-json.h"

#include <json-glib/json-glib.h>

#define WORDS "/io/github/porchlight_app/Porchlight/pages/words.json"

/* Agreed with the function that shows the pages */
#define PARTITION "words"
#define SORT_KEY  "1"

/* Without the line ends and blanks of the file */
static char *
load_words (GError **error)
{
  g_autoptr(GBytes) bytes = g_resources_lookup_data (WORDS, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  g_autoptr(JsonParser) parser = json_parser_new_immutable ();

  if (bytes == NULL ||
      !json_parser_load_from_data (parser, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), error))
    return NULL;

  return json_to_string (json_parser_get_root (parser), FALSE);
}

/**
 * porch_form_words_send:
 * @site: a site with a table
 *
 * Puts what the built-in pages of a contact form say into the table of the site, in all languages but English, which the
 * function that shows these pages has itself. Sending them again changes nothing.
 *
 * Returns: (transfer full): a future that resolves when they are there
 */
DexFuture *
porch_form_words_send (PorchSite *site)
{
  g_autoptr(AwsClient) client = NULL;
  g_autoptr(AwsItemChange) change = NULL;
  g_autoptr(AwsItem) key = aws_item_new ();
  g_autoptr(AwsItem) values = aws_item_new ();
  g_autoptr(GError) error = NULL;
  g_autofree char *words = NULL;

  g_return_val_if_fail (PORCH_IS_SITE (site), NULL);
  g_return_val_if_fail (porch_site_get_table (site) != NULL, NULL);

  words = load_words (&error);

  if (words == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  client = porch_site_dup_client (site);
  aws_item_set_string (key, "pk", PARTITION);
  aws_item_set_string (key, "sk", SORT_KEY);
  aws_item_set_string (values, ":json", words);

  change = aws_item_change_new (porch_site_get_table (site), key);
  aws_item_change_set_update (change, "SET #json = :json");
  aws_item_change_set_values (change, values);
  aws_item_change_add_name (change, "#json", "json");

  return aws_dynamodb_update_item (client, change);
}

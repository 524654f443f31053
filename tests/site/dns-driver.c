/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Asks as the engine does: dns-driver SERVERS NAME TYPE [ADDRESS]. Prints the answer, or the error, as JSON. */

#include "porch-dns.h"

#include <json-glib/json-glib.h>
#include <stdio.h>

static const struct
{
  const char   *name;
  PorchDnsType  type;
} types[] = {
  { "A", PORCH_DNS_A },
  { "NS", PORCH_DNS_NS },
  { "CNAME", PORCH_DNS_CNAME },
  { "SOA", PORCH_DNS_SOA },
  { "MX", PORCH_DNS_MX },
  { "TXT", PORCH_DNS_TXT },
  { "AAAA", PORCH_DNS_AAAA },
  { "SRV", PORCH_DNS_SRV },
  { "DS", PORCH_DNS_DS },
  { "CAA", PORCH_DNS_CAA },
};

static const char * const statuses[] = { "found", "no-data", "no-name", "broken" };

static int
compare_records (gconstpointer a,
                 gconstpointer b)
{
  const PorchDnsRecord *first = *(const PorchDnsRecord * const *) a;
  const PorchDnsRecord *second = *(const PorchDnsRecord * const *) b;

  if ((first->type == PORCH_DNS_CNAME) != (second->type == PORCH_DNS_CNAME))
    return first->type == PORCH_DNS_CNAME ? -1 : 1;

  return g_strcmp0 (first->value, second->value);
}

static JsonArray *
describe_records (GPtrArray *records)
{
  JsonArray *array = json_array_new ();

  g_ptr_array_sort (records, compare_records);

  for (guint i = 0; i < records->len; i++)
    {
      const PorchDnsRecord *record = g_ptr_array_index (records, i);
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "name", record->name);
      json_object_set_string_member (object, "type", porch_dns_type_to_string (record->type));
      json_object_set_int_member (object, "ttl", record->ttl);
      json_object_set_string_member (object, "value", record->value);
      json_array_add_object_element (array, object);
    }

  return array;
}

static void
describe (JsonObject     *object,
          PorchDnsAnswer *answer,
          const GError   *error)
{
  if (answer == NULL)
    {
      json_object_set_string_member (object, "error", error->message);
      return;
    }

  json_object_set_string_member (object, "status", statuses[porch_dns_answer_get_status (answer)]);
  json_object_set_boolean_member (object, "authoritative", porch_dns_answer_is_authoritative (answer));
  json_object_set_array_member (object, "records", describe_records (porch_dns_answer_get_records (answer)));
}

static DexFuture *
quit_cb (DexFuture *completed,
         gpointer   user_data)
{
  g_main_loop_quit (user_data);

  return dex_ref (completed);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(PorchDns) dns = NULL;
  g_autoptr(DexFuture) future = NULL;
  g_autoptr(JsonObject) object = json_object_new ();
  g_autoptr(GMainLoop) loop = NULL;
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  const GValue *value;
  PorchDnsType type = PORCH_DNS_A;

  if (argc < 4)
    return 2;

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_equal (types[i].name, argv[3]))
      type = types[i].type;

  dex_init ();
  loop = g_main_loop_new (NULL, FALSE);
  dns = porch_dns_new (argv[1]);

  if (argc > 4)
    future = porch_dns_lookup_at (dns, (const char *[]) { argv[4], NULL }, argv[2], type);
  else
    future = porch_dns_lookup (dns, argv[2], type);

  future = dex_future_finally (future, quit_cb, loop, NULL);
  if (dex_future_is_pending (future))
    g_main_loop_run (loop);

  value = dex_future_get_value (future, &error);
  describe (object, value != NULL ? g_value_get_boxed (value) : NULL, error);

  node = json_node_init_object (json_node_alloc (), object);
  text = json_to_string (node, FALSE);
  puts (text);

  return 0;
}

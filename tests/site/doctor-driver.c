/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What the doctor finds about a name at real name servers: doctor-driver SERVERS NAME HOST [PROOF VALUE] [move SERVER…]
 * The name is to lead to HOST, the proof is a CNAME record; with "move" the domain is to have these name servers. Prints the
 * steps that the DNS decides as JSON. */

#include "porch-domain-doctor-private.h"

#include "porch-fiber.h"

#include <stdio.h>
#include <string.h>

typedef struct
{
  PorchDns         *dns;
  PorchDomainName  *name;
  PorchDoctorFacts *facts;
  GMainLoop        *loop;
} Driver;

static DexFuture *
look_fiber (gpointer user_data)
{
  Driver *driver = user_data;
  DexPromise *stop = dex_promise_new ();

  porch_doctor_await_name (driver->facts, driver->dns, driver->name, DEX_FUTURE (stop));
  dex_unref (stop);
  g_main_loop_quit (driver->loop);

  return dex_future_new_true ();
}

static void
read_arguments (PorchDoctorFacts *facts,
                char             *argv[])
{
  guint i = 4;

  if (argv[i] != NULL && !g_str_equal (argv[i], "move") && argv[i + 1] != NULL)
    {
      porch_doctor_facts_add_wish (facts, PORCH_DOCTOR_PROOF, argv[i], "CNAME", argv[i + 1]);
      i += 2;
    }

  if (argv[i] != NULL)
    {
      facts->is_in_account = TRUE;
      g_strfreev (facts->zone_servers);
      facts->zone_servers = g_strdupv (argv + i + 1);
    }

  porch_doctor_facts_plan (facts);
}

static void
print_steps (PorchDoctorFacts *facts)
{
  g_autoptr(JsonObject) object = json_object_new ();
  g_autoptr(JsonNode) node = NULL;
  g_autofree char *text = NULL;

  for (guint part = PORCH_DOCTOR_DELEGATION; part <= PORCH_DOCTOR_CERTIFICATE; part++)
    {
      g_autoptr(PorchDoctorVerdict) verdict = porch_doctor_judge (facts, part);
      g_autoptr(PorchDoctorStep) step = porch_doctor_step_new (part);

      porch_doctor_step_take (step, verdict, facts->domain);
      json_object_set_object_member (object, porch_doctor_step_get_id (step), porch_doctor_step_to_json (step));
    }

  node = json_node_init_object (json_node_alloc (), object);
  text = json_to_string (node, FALSE);
  puts (text);
}

int
main (int   argc,
      char *argv[])
{
  Driver driver = { 0 };

  if (argc < 4)
    return 2;

  dex_init ();
  driver.loop = g_main_loop_new (NULL, FALSE);
  driver.dns = porch_dns_new (argv[1]);
  driver.name = porch_domain_name_parse (argv[2], PORCH_DOMAIN_DEFAULT, NULL);
  driver.facts = porch_doctor_facts_new ();
  driver.facts->name = g_strdup (porch_domain_name_get_ascii (driver.name));
  driver.facts->domain = g_strdup (porch_domain_name_get_registrable (driver.name));
  driver.facts->is_live = TRUE;
  driver.facts->has_certificate = TRUE;
  driver.facts->certificate = g_strdup ("PENDING_VALIDATION");
  driver.facts->site_host = g_strdup (argv[3]);
  g_strfreev (driver.facts->names);
  driver.facts->names = g_strsplit (driver.facts->name, " ", -1);
  read_arguments (driver.facts, argv);

  dex_future_disown (porch_fiber_spawn (look_fiber, &driver, NULL, NULL));
  g_main_loop_run (driver.loop);
  print_steps (driver.facts);

  porch_doctor_facts_free (driver.facts);
  porch_domain_name_unref (driver.name);
  g_object_unref (driver.dns);
  g_main_loop_unref (driver.loop);

  return 0;
}

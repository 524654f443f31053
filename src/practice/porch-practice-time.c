/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-practice-acm.h"
#include "porch-practice-internet-private.h"
#include "porch-practice-route53domains.h"

/* Longer than anything lasts here: what domains are bought for at most */
#define LONGEST (G_GINT64_CONSTANT (10) * 366 * 86400)

gint64
practice_parse_time (const char *text)
{
  static const struct
  {
    char   unit;
    gint64 seconds;
  } units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 } };
  char *end;
  gint64 number = text != NULL ? g_ascii_strtoll (text, &end, 10) : -1;

  if (number < 0 || end == text || number > LONGEST)
    return -1;

  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    if (end[0] == units[i].unit && end[1] == '\0' && number <= LONGEST / units[i].seconds)
      return number * units[i].seconds;

  return *end == '\0' ? number : -1;
}

gboolean
practice_pass_time (Practice  *practice,
                    gint64     seconds,
                    GError   **error)
{
  /* A time of 0 has not come yet */
  static const char * const changes[] = {
    "UPDATE certificates SET created = created - ?1, found = max (found - ?1, min (found, 1)), issued = max (issued - ?1, min (issued, 1))",
    "UPDATE certificate_renewals SET valid_from = valid_from - ?1, updated = updated - ?1",
    "UPDATE distributions SET created = created - ?1, modified = modified - ?1, ready = ready - ?1",
    "UPDATE domain_operations SET submitted = submitted - ?1, ready = ready - ?1",
    "UPDATE domains SET created = created - ?1, expires = expires - ?1",
    "UPDATE elsewhere SET created = created - ?1",
    "UPDATE zone_changes SET submitted = submitted - ?1, ready = ready - ?1",
    "UPDATE zones SET created = created - ?1",
  };
  gboolean good = practice_db_begin (practice->db, error);

  if (!good)
    return FALSE;

  for (guint i = 0; good && i < G_N_ELEMENTS (changes); i++)
    good = practice_db_run (practice->db, error, changes[i], "i", seconds * G_USEC_PER_SEC);

  if (!good)
    {
      practice_db_rollback (practice->db);

      return FALSE;
    }

  if (!practice_db_commit (practice->db, error))
    return FALSE;

  practice_cache_age (practice->dns_cache, seconds);
  practice_route53domains_look (practice);
  practice_acm_look (practice);

  return TRUE;
}

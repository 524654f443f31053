/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-domain-survey.h"

G_BEGIN_DECLS

struct _PorchDomainSurvey
{
  GObject                  parent_instance;

  PorchDns                *dns;                /* NULL if it was read from JSON */
  PorchDomainName         *name;
  DexPromise              *stop;               /* rejected to end the run */
  GListStore              *records;
  GListStore              *notes;
  PorchDomainHost         *host;
  char                   **delegated;
  char                   **own_servers;
  char                   **lame;
  char                   **issuers;
  char                   **current;
  char                   **chain;
  char                    *issue_name;
  PorchDomainRegistration  registration;
  PorchDomainService       service;
  PorchDomainIssue         issue;
  double                   fraction;
  guint                    delegation_ttl;
  guint                    current_ttl;
  gboolean                 is_running;
  gboolean                 is_brief;
  gboolean                 is_incomplete;
  gboolean                 is_signed;
  gboolean                 is_loop;
  gboolean                 has_mail;
  gboolean                 has_wildcard;
  gboolean                 is_below;           /* not a domain of its own, but a name in somebody else's */
};

/* porch-domain-survey-record.c */
PorchDomainRecord *porch_domain_record_new          (const char        *name,
                                                     const char        *record_type,
                                                     guint              ttl,
                                                     const char        *value,
                                                     const char        *domain,
                                                     const char        *wanted);
void               porch_domain_record_mark_mail    (PorchDomainRecord *self);
PorchDomainNote   *porch_domain_note_new            (const char        *id,
                                                     PorchDomainWeight  weight,
                                                     const char        *title,
                                                     char              *text);
int                porch_domain_record_compare      (gconstpointer      a,
                                                     gconstpointer      b,
                                                     gpointer           user_data);

/* porch-domain-survey-ask.c */
gboolean           porch_domain_survey_ask          (PorchDomainSurvey  *self,
                                                     GError            **error);

/* porch-domain-survey-words.c */
void               porch_domain_survey_write_notes  (PorchDomainSurvey *self);
char              *porch_domain_show_time           (guint              seconds);
char              *porch_domain_show_list           (const char * const *items);

/* Whether the records of a domain allow Amazon to issue certificates (RFC 8659). */
PorchDomainIssue   porch_domain_judge_issuers       (const char * const *issuers);

G_END_DECLS

/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-dns.h"
#include "porch-domain-doctor.h"
#include "porch-domain-survey.h"

G_BEGIN_DECLS

/* The steps, in the order in which they depend on each other */
typedef enum
{
  PORCH_DOCTOR_DELEGATION,
  PORCH_DOCTOR_RECORDS,
  PORCH_DOCTOR_CERTIFICATE,
  PORCH_DOCTOR_DISTRIBUTION,
  PORCH_DOCTOR_ANSWER,
  PORCH_DOCTOR_N_STEPS,
} PorchDoctorPart;

/* What a record is for */
typedef enum
{
  PORCH_DOCTOR_SERVER,     /* a name server at the registry */
  PORCH_DOCTOR_PROOF,      /* shows whose the name is; the certificate needs it, also when it is renewed */
  PORCH_DOCTOR_POINTER,    /* leads visitors to the site */
  PORCH_DOCTOR_FORWARD,    /* no record: the company sends visitors on to another name */
} PorchDoctorPurpose;

/* A record that is wanted, and what is known about it */
typedef struct
{
  PorchDoctorPurpose   purpose;
  char                *name;
  char                *type;      /* as it is called where it is entered; "FORWARD" */
  char                *value;
  gboolean             is_known;  /* it was asked for */
  PorchDnsStatus       status;    /* what the domain's own servers say */
  char               **found;     /* what is there: addresses, or the name that it is an alias of */
  char                *doubled;   /* where it was found instead: the domain was entered twice */
  guint                old_ttl;   /* others still believe something else, for so many seconds; 0: nobody does */
  char               **old;       /* which is */
} PorchDoctorWish;

/* How the site answers at a name */
typedef enum
{
  PORCH_DOCTOR_VISIT_UNKNOWN,
  PORCH_DOCTOR_VISIT_GOOD,
  PORCH_DOCTOR_VISIT_NO_NAME,          /* the name leads nowhere */
  PORCH_DOCTOR_VISIT_SILENT,           /* no connection, or no answer in time */
  PORCH_DOCTOR_VISIT_BAD_CERTIFICATE,  /* browsers would warn */
  PORCH_DOCTOR_VISIT_FOREIGN,          /* somebody else answers */
  PORCH_DOCTOR_VISIT_REFUSED,          /* the network of the site does not know the name */
  PORCH_DOCTOR_VISIT_ERROR,            /* the site answers with an error */
  PORCH_DOCTOR_VISIT_EMPTY,            /* nothing has been published yet */
  PORCH_DOCTOR_VISIT_NOT_SENT_ON,      /* the second name shows the site itself */
} PorchDoctorOutcome;

typedef struct
{
  char               *name;
  PorchDoctorOutcome  outcome;
  guint               status;    /* of HTTP */
  double              seconds;
  char               *detail;    /* who answers, or what the system says */
} PorchDoctorVisit;

typedef enum
{
  PORCH_DOCTOR_CLAIM_NONE,
  PORCH_DOCTOR_CLAIM_HERE,        /* another site of the same account */
  PORCH_DOCTOR_CLAIM_ELSEWHERE,   /* one of another account */
} PorchDoctorClaim;

/* All that is known about an own address. Judged by pure functions, so that each failure can be told in a test. */
typedef struct
{
  GDateTime                *now;
  PorchDomainHost          *host;
  char                     *name;              /* the one that visitors see */
  char                     *domain;            /* what it is part of */
  char                    **names;             /* all of the site, @name first */
  gboolean                  is_in_account;     /* its DNS is in the account, or is to be */
  gboolean                  is_bought;         /* it was bought with the account */
  gboolean                  is_live;           /* it has worked before */

  gboolean                  has_dns;           /* the name servers could be asked */
  PorchDomainRegistration   registration;
  PorchDomainService        service;
  PorchDomainIssue          issue;
  char                    **issuers;
  char                     *issue_name;
  char                    **delegated;
  char                    **lame;
  char                    **remembered;        /* who others believe serves it */
  char                    **zone_servers;      /* who serves it in the account; empty if not known */
  guint                     delegation_ttl;    /* seconds */
  gboolean                  is_signed;

  GPtrArray                *wishes;            /* PorchDoctorWish */
  char                     *site_host;         /* where the site is: a name */
  char                    **site_addresses;

  gboolean                  has_cloud;         /* the account could be asked */
  gboolean                  has_certificate;   /* one has been asked for */
  gboolean                  is_certificate_gone;
  char                     *certificate;       /* its status: "ISSUED" */
  char                     *failure;           /* "CAA_ERROR" */
  char                     *renewal;           /* "PENDING_VALIDATION" */
  GDateTime                *requested;
  GDateTime                *expires;
  char                    **uncovered;         /* names that it does not cover */

  gboolean                  has_distribution;
  gboolean                  is_enabled;
  gboolean                  is_deployed;
  char                    **missing_names;     /* those that it does not answer to */
  PorchDoctorClaim          claim;
  char                     *claimed_name;

  GPtrArray                *visits;            /* PorchDoctorVisit */
} PorchDoctorFacts;

/* What is found about one record */
typedef struct
{
  const PorchDoctorWish *wish;
  PorchDoctorState       state;
  const char            *code;    /* "good", "later", "missing", "other", "doubled", "old", "silent", "unknown" */
  char                  *found;   /* or NULL */
  GDateTime             *until;   /* or NULL */
} PorchDoctorFinding;

/* What is found about a step */
typedef struct
{
  const char        *code;
  PorchDoctorState   state;
  char              *sentence;
  char              *cause;
  char              *remedy;
  char             **instructions;
  GDateTime         *until;
  GPtrArray         *findings;   /* PorchDoctorFinding */
} PorchDoctorVerdict;

/* porch-domain-doctor-facts.c */
PorchDoctorFacts   *porch_doctor_facts_new         (void);
void                porch_doctor_facts_free        (PorchDoctorFacts       *facts);
PorchDoctorWish    *porch_doctor_facts_add_wish    (PorchDoctorFacts       *facts,
                                                    PorchDoctorPurpose      purpose,
                                                    const char             *name,
                                                    const char             *type,
                                                    const char             *value);
PorchDoctorVisit   *porch_doctor_facts_add_visit   (PorchDoctorFacts       *facts,
                                                    const char             *name,
                                                    PorchDoctorOutcome      outcome);
void                porch_doctor_facts_plan        (PorchDoctorFacts       *facts);
PorchDoctorVisit   *porch_doctor_facts_find_visit  (const PorchDoctorFacts *facts,
                                                    const char             *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchDoctorFacts, porch_doctor_facts_free)

/* porch-domain-doctor-judge.c */
PorchDoctorVerdict *porch_doctor_judge             (const PorchDoctorFacts *facts,
                                                    PorchDoctorPart         part);
void                porch_doctor_verdict_free      (PorchDoctorVerdict     *verdict);
PorchDoctorState    porch_doctor_judge_whole       (const PorchDoctorState *states);
const char         *porch_doctor_get_code          (guint                   index,
                                                    PorchDoctorPart        *part);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchDoctorVerdict, porch_doctor_verdict_free)

/* porch-domain-doctor-step.c */
PorchDoctorStep    *porch_doctor_step_new          (PorchDoctorPart         part);
void                porch_doctor_step_take         (PorchDoctorStep        *self,
                                                    const PorchDoctorVerdict *verdict,
                                                    const char             *domain);
JsonObject         *porch_doctor_step_to_json      (PorchDoctorStep        *self);

/* porch-domain-doctor.c */
void                porch_domain_doctor_take_facts (PorchDomainDoctor      *self,
                                                    const PorchDoctorFacts *facts);

/* porch-domain-doctor-look.c: in a fiber */
void                porch_doctor_await_name        (PorchDoctorFacts       *facts,
                                                    PorchDns               *dns,
                                                    PorchDomainName        *name,
                                                    DexFuture              *stop);
PorchDoctorFacts   *porch_doctor_await_facts       (PorchSite              *site,
                                                    DexFuture              *stop);

G_END_DECLS

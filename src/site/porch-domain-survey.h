/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <libdex.h>

#include "porch-dns.h"
#include "porch-domain-hosts.h"
#include "porch-domain-name.h"

G_BEGIN_DECLS

/**
 * PorchDomainRegistration:
 * @PORCH_DOMAIN_REGISTRATION_UNKNOWN: nobody could be asked
 * @PORCH_DOMAIN_REGISTRATION_FREE: nobody has it, or whoever has it never named servers for it
 * @PORCH_DOMAIN_REGISTRATION_TAKEN: somebody has it
 *
 * Whether somebody has a domain.
 */
typedef enum
{
  PORCH_DOMAIN_REGISTRATION_UNKNOWN,
  PORCH_DOMAIN_REGISTRATION_FREE,
  PORCH_DOMAIN_REGISTRATION_TAKEN,
} PorchDomainRegistration;

/**
 * PorchDomainService:
 * @PORCH_DOMAIN_SERVICE_UNKNOWN: not asked, or nobody has the domain
 * @PORCH_DOMAIN_SERVICE_GOOD: all its name servers answer for it
 * @PORCH_DOMAIN_SERVICE_PARTIAL: some do, some don't, or they disagree about who they are
 * @PORCH_DOMAIN_SERVICE_BROKEN: none does
 *
 * How well a domain's name servers serve it.
 */
typedef enum
{
  PORCH_DOMAIN_SERVICE_UNKNOWN,
  PORCH_DOMAIN_SERVICE_GOOD,
  PORCH_DOMAIN_SERVICE_PARTIAL,
  PORCH_DOMAIN_SERVICE_BROKEN,
} PorchDomainService;

/**
 * PorchDomainIssue:
 * @PORCH_DOMAIN_ISSUE_UNKNOWN: not asked
 * @PORCH_DOMAIN_ISSUE_ALLOWED: Amazon may issue certificates
 * @PORCH_DOMAIN_ISSUE_FORBIDDEN: a CAA record allows others only
 * @PORCH_DOMAIN_ISSUE_BROKEN: the records could not be read, which forbids it, too
 *
 * Whether the owner of a domain allows the certificate (RFC 8659).
 */
typedef enum
{
  PORCH_DOMAIN_ISSUE_UNKNOWN,
  PORCH_DOMAIN_ISSUE_ALLOWED,
  PORCH_DOMAIN_ISSUE_FORBIDDEN,
  PORCH_DOMAIN_ISSUE_BROKEN,
} PorchDomainIssue;

/**
 * PorchDomainWeight:
 * @PORCH_DOMAIN_WEIGHT_GOOD: as it should be
 * @PORCH_DOMAIN_WEIGHT_NOTICE: good to know before anything is changed
 * @PORCH_DOMAIN_WEIGHT_PROBLEM: has to be put right first
 *
 * How much a note about a domain matters.
 */
typedef enum
{
  PORCH_DOMAIN_WEIGHT_GOOD,
  PORCH_DOMAIN_WEIGHT_NOTICE,
  PORCH_DOMAIN_WEIGHT_PROBLEM,
} PorchDomainWeight;

/**
 * PorchDomainGroup:
 * @PORCH_DOMAIN_GROUP_MAIL: mail stops without it
 * @PORCH_DOMAIN_GROUP_WEB: what visitors of the site, or of others of the domain, reach
 * @PORCH_DOMAIN_GROUP_PROOF: proves to somebody whose the domain is, or says who may issue certificates
 * @PORCH_DOMAIN_GROUP_OTHER: anything else
 *
 * What a record is good for; sorted in this order.
 */
typedef enum
{
  PORCH_DOMAIN_GROUP_MAIL,
  PORCH_DOMAIN_GROUP_WEB,
  PORCH_DOMAIN_GROUP_PROOF,
  PORCH_DOMAIN_GROUP_OTHER,
} PorchDomainGroup;

#define PORCH_TYPE_DOMAIN_GROUP (porch_domain_group_get_type ())
#define PORCH_TYPE_DOMAIN_REGISTRATION (porch_domain_registration_get_type ())
#define PORCH_TYPE_DOMAIN_SERVICE (porch_domain_service_get_type ())
#define PORCH_TYPE_DOMAIN_ISSUE (porch_domain_issue_get_type ())
#define PORCH_TYPE_DOMAIN_WEIGHT (porch_domain_weight_get_type ())
#define PORCH_TYPE_DOMAIN_RECORD (porch_domain_record_get_type ())
#define PORCH_TYPE_DOMAIN_NOTE (porch_domain_note_get_type ())
#define PORCH_TYPE_DOMAIN_SURVEY (porch_domain_survey_get_type ())

GType                    porch_domain_group_get_type        (void) G_GNUC_CONST;
GType                    porch_domain_registration_get_type (void) G_GNUC_CONST;
GType                    porch_domain_service_get_type      (void) G_GNUC_CONST;
GType                    porch_domain_issue_get_type        (void) G_GNUC_CONST;
GType                    porch_domain_weight_get_type       (void) G_GNUC_CONST;

/* A record that was found: of one name and type one value. Immutable. Properties "name", "shown-name", "record-type", "ttl",
 * "value", "group", "purpose", "obstacle". */
G_DECLARE_FINAL_TYPE (PorchDomainRecord, porch_domain_record, PORCH, DOMAIN_RECORD, GObject)

const char              *porch_domain_record_get_name       (PorchDomainRecord *self);   /* "www.example.org"; "*.example.org" */
const char              *porch_domain_record_get_shown_name (PorchDomainRecord *self);   /* as people write it */
const char              *porch_domain_record_get_record_type (PorchDomainRecord *self);  /* "MX" */
guint                    porch_domain_record_get_ttl        (PorchDomainRecord *self);   /* seconds */
const char              *porch_domain_record_get_value      (PorchDomainRecord *self);   /* as PorchDnsRecord.value: no dot at the end, no quotes */
PorchDomainGroup         porch_domain_record_get_group      (PorchDomainRecord *self);
const char              *porch_domain_record_get_purpose    (PorchDomainRecord *self);   /* "Receives mail"; never NULL */
/* Why it is not copied when the DNS moves, a sentence: it belongs to the old place; NULL if it is copied */
const char              *porch_domain_record_get_obstacle   (PorchDomainRecord *self);

/* Something to tell about a domain. Immutable. Properties "id", "weight", "title", "text". */
G_DECLARE_FINAL_TYPE (PorchDomainNote, porch_domain_note, PORCH, DOMAIN_NOTE, GObject)

const char              *porch_domain_note_get_id           (PorchDomainNote   *self);   /* "mail" */
PorchDomainWeight        porch_domain_note_get_weight       (PorchDomainNote   *self);
const char              *porch_domain_note_get_title        (PorchDomainNote   *self);   /* "Mail Is in Use" */
const char              *porch_domain_note_get_text         (PorchDomainNote   *self);   /* a sentence or two */

/* Properties "name", "running", "fraction", "registration", "service", "host", "records", "notes", "signed", "mail", "issue",
 * all with notify; the lists never change their identity. */
G_DECLARE_FINAL_TYPE (PorchDomainSurvey, porch_domain_survey, PORCH, DOMAIN_SURVEY, GObject)

PorchDomainSurvey       *porch_domain_survey_new            (PorchDns          *dns,
                                                             PorchDomainName   *name);
/* Looks at everything, or only at what the doctor needs: no search for records. Changes nothing anywhere. Ends within a minute
 * and a half; what did not answer until then is not known. Resolves to TRUE; rejected with PORCH_ERROR_DNS if nobody answers
 * at all. Dropping the future ends it. */
DexFuture               *porch_domain_survey_run            (PorchDomainSurvey *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture               *porch_domain_survey_run_brief      (PorchDomainSurvey *self) G_GNUC_WARN_UNUSED_RESULT;
void                     porch_domain_survey_stop           (PorchDomainSurvey *self);
gboolean                 porch_domain_survey_is_running     (PorchDomainSurvey *self);
double                   porch_domain_survey_get_fraction   (PorchDomainSurvey *self);   /* 0 to 1 */

PorchDomainName         *porch_domain_survey_get_name       (PorchDomainSurvey *self);
PorchDomainRegistration  porch_domain_survey_get_registration
                                                            (PorchDomainSurvey *self);
/* Who serves it */
PorchDomainService       porch_domain_survey_get_service    (PorchDomainSurvey *self);
PorchDomainHost         *porch_domain_survey_get_host       (PorchDomainSurvey *self);   /* NULL before it ran */
/* The name servers that the registration names, those that the domain's own servers name, and those that don't answer for
 * it; sorted, never NULL. */
const char * const      *porch_domain_survey_get_delegated  (PorchDomainSurvey *self);
const char * const      *porch_domain_survey_get_lame       (PorchDomainSurvey *self);
guint                    porch_domain_survey_get_delegation_ttl
                                                            (PorchDomainSurvey *self);   /* seconds; 0 if not known */
/* What is there; mail first, then by name */
GListModel              *porch_domain_survey_get_records    (PorchDomainSurvey *self);   /* PorchDomainRecord */
/* Some questions were not answered: there may be more records than were found. */
gboolean                 porch_domain_survey_is_incomplete  (PorchDomainSurvey *self);
/* Whether its answers are signed (DNSSEC): a DS record at the registry */
gboolean                 porch_domain_survey_is_signed      (PorchDomainSurvey *self);
/* Certificates: may Amazon issue them, the records that say so, and whose they are */
PorchDomainIssue         porch_domain_survey_get_issue      (PorchDomainSurvey *self);
const char * const      *porch_domain_survey_get_issuers    (PorchDomainSurvey *self);   /* "0 issue letsencrypt.org" */
const char              *porch_domain_survey_get_issue_name (PorchDomainSurvey *self);   /* NULL if there are none */
/* What the name itself says now: the end of its chain of aliases. @current are addresses or, if it ends in nothing, empty. */
/* What all of this means for the owner, most important first */
GListModel              *porch_domain_survey_get_notes      (PorchDomainSurvey *self);   /* PorchDomainNote */
/* Which way is best for the name: "buy", "move", "elsewhere"; NULL if none is possible */
const char              *porch_domain_survey_get_advice     (PorchDomainSurvey *self);
char                    *porch_domain_survey_dup_advice_text (PorchDomainSurvey *self);  /* why, a sentence */

JsonObject              *porch_domain_survey_to_json        (PorchDomainSurvey *self);
PorchDomainSurvey       *porch_domain_survey_from_json      (JsonObject        *json);   /* NULL if it is none; can't run */

G_END_DECLS

/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-engine.h"
#include "porch-practice.h"

G_BEGIN_DECLS

/* A practice cloud and an engine with an account in it, all in one temporary folder; to be used in a fiber. */
typedef struct
{
  char          *path;
  PorchPractice *practice;
  PorchEngine   *engine;
  gboolean       has_trace;
} Cloud;

Cloud        *cloud_new          (void);

/* One that keeps a line of each call */
Cloud        *cloud_new_with_trace (void);
void          cloud_free         (Cloud       *self);
void          cloud_set_faults   (Cloud       *self,
                                  const char  *faults);

/* The same without a new start: connections stay, and calls are counted from now on. */
void          cloud_change_faults (Cloud      *self,
                                  const char  *faults);

/* Another engine on the same cloud: with the folder “data” it is the same computer after a restart, else another one. */
PorchEngine  *cloud_open_engine  (Cloud       *self,
                                  const char  *folder);
void          cloud_restart      (Cloud       *self);
PorchPlan    *cloud_make_plan    (Cloud       *self,
                                  const char  *name,
                                  const char  *template,
                                  gboolean     with_form);
PorchSite    *cloud_create_site  (Cloud       *self,
                                  gboolean     with_form);
guint         cloud_fetch        (const char  *url,
                                  char       **body);
guint         cloud_post         (PorchSite   *site,
                                  const char  *form);
/* As an owner does in the settings; NULL leaves who gets the mails. */
PorchOperation *cloud_change_form (PorchSite  *site,
                                  gboolean     enabled,
                                  const char  *mails);

/* Opens the links of all mails that ask for it, as whoever reads them does. */
guint         cloud_open_links   (Cloud       *self);
void          cloud_pause        (guint        msec);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Cloud, cloud_free)

G_END_DECLS

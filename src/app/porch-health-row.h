/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "porch-site.h"

G_BEGIN_DECLS

/**
 * PorchHealth:
 * @PORCH_HEALTH_UNKNOWN: nobody has looked yet
 * @PORCH_HEALTH_GOOD: as it has to be
 * @PORCH_HEALTH_WAITING: on its way, by itself or with somebody's help
 * @PORCH_HEALTH_WARNING: works, but won't for long, or not wholly
 * @PORCH_HEALTH_BAD: does not work
 *
 * How a part of a site is.
 */
typedef enum
{
  PORCH_HEALTH_UNKNOWN,
  PORCH_HEALTH_GOOD,
  PORCH_HEALTH_WAITING,
  PORCH_HEALTH_WARNING,
  PORCH_HEALTH_BAD,
} PorchHealth;

#define PORCH_TYPE_HEALTH_ROW (porch_health_row_get_type ())

G_DECLARE_DERIVABLE_TYPE (PorchHealthRow, porch_health_row, PORCH, HEALTH_ROW, AdwActionRow)

/**
 * PorchHealthRowClass:
 * @site_changed: the row has another site, which may be %NULL: connect to what tells of its health, and say how it is
 *   with porch_health_row_set_health()
 *
 * A part of a site on the overview.
 */
struct _PorchHealthRowClass
{
  AdwActionRowClass parent_class;

  void (*site_changed) (PorchHealthRow *self,
                        PorchSite      *site);
};

PorchSite *porch_health_row_get_site   (PorchHealthRow *self);
void       porch_health_row_set_health (PorchHealthRow *self,
                                        PorchHealth     health,
                                        const char     *text);

G_END_DECLS

/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-area.h"
#include "porch-survey.h"

#include <glib/gi18n-lib.h>

/* Where visitors live decides two things: from which places around the world the site is delivered (the price classes are
 * those of the CloudFront pricing page: 100 is North America, Europe and Israel; 200 adds Asia, the Middle East and Africa),
 * and where the files are best kept. */
static const PorchArea areas[] = {
  { "europe", N_("Europe"), "PriceClass_100" },
  { "north-america", N_("North America"), "PriceClass_100" },
  { "south-america", N_("South and Central America"), "PriceClass_All" },
  { "asia", N_("Asia"), "PriceClass_200" },
  { "oceania", N_("Australia and New Zealand"), "PriceClass_All" },
  { "middle-east", N_("Middle East"), "PriceClass_200" },
  { "africa", N_("Africa"), "PriceClass_200" },
  { "world", N_("All over the world"), "PriceClass_All" },
};

/* Regions by the area that they are nearest to; the first that an account has is taken */
static const struct
{
  const char *area;
  const char *region;
} homes[] = {
  { "europe", "eu-central-1" }, { "europe", "eu-west-1" }, { "europe", "eu-north-1" }, { "europe", "eu-west-3" },
  { "europe", "eu-west-2" }, { "europe", "eu-south-1" }, { "europe", "eu-south-2" }, { "europe", "eu-central-2" },
  { "north-america", "us-east-1" }, { "north-america", "us-east-2" }, { "north-america", "us-west-2" },
  { "north-america", "ca-central-1" }, { "north-america", "us-west-1" }, { "north-america", "ca-west-1" },
  { "south-america", "sa-east-1" }, { "south-america", "mx-central-1" },
  { "asia", "ap-southeast-1" }, { "asia", "ap-northeast-1" }, { "asia", "ap-south-1" }, { "asia", "ap-northeast-2" },
  { "asia", "ap-northeast-3" }, { "asia", "ap-east-1" }, { "asia", "ap-south-2" }, { "asia", "ap-southeast-3" },
  { "asia", "ap-southeast-5" }, { "asia", "ap-southeast-7" },
  { "oceania", "ap-southeast-2" }, { "oceania", "ap-southeast-4" },
  { "middle-east", "me-central-1" }, { "middle-east", "me-south-1" }, { "middle-east", "il-central-1" },
  { "africa", "af-south-1" },
  /* where nothing of an area is open, its visitors are still served from near by; the files wait here */
  { "middle-east", "eu-central-1" }, { "africa", "eu-west-1" }, { "world", "us-east-1" }, { "world", "eu-central-1" },
};

/**
 * porch_area_list:
 * @n_areas: (out): how many there are
 *
 * Returns: (transfer none): the parts of the world, the last one is all of it
 */
const PorchArea *
porch_area_list (guint *n_areas)
{
  g_return_val_if_fail (n_areas != NULL, NULL);

  *n_areas = G_N_ELEMENTS (areas);

  return areas;
}

/**
 * porch_area_find:
 * @id: (nullable): an id
 *
 * Returns: (transfer none) (nullable): the area
 */
const PorchArea *
porch_area_find (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (areas); i++)
    if (g_strcmp0 (areas[i].id, id) == 0)
      return &areas[i];

  return NULL;
}

/**
 * porch_area_find_of_region:
 * @region: (nullable): a region, such as `eu-central-1`
 *
 * Returns: (transfer none): the part of the world that it is in; all of the world if it is not known
 */
const PorchArea *
porch_area_find_of_region (const char *region)
{
  for (guint i = 0; i < G_N_ELEMENTS (homes); i++)
    if (g_strcmp0 (homes[i].region, region) == 0)
      return porch_area_find (homes[i].area);

  return porch_area_find ("world");
}

/**
 * porch_area_get_name:
 * @self: an area
 *
 * Returns: (transfer none): its name
 */
const char *
porch_area_get_name (const PorchArea *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return _(self->name);
}

static const char *
find_in (GListModel *regions,
         const char *id)
{
  for (guint i = 0; i < g_list_model_get_n_items (regions); i++)
    {
      g_autoptr(PorchRegion) region = g_list_model_get_item (regions, i);

      /* the model holds it */
      if (g_strcmp0 (porch_region_get_id (region), id) == 0)
        return porch_region_get_id (region);
    }

  return NULL;
}

/**
 * porch_area_choose_region:
 * @self: an area
 * @regions: the regions that an account may use, [class@Porch.Region]
 * @preferred: (nullable): the one to take if it is as good as another
 *
 * Returns: (transfer none) (nullable): where the files of a site for visitors in this area are best kept, valid as long as
 *   @regions; %NULL if there is no region at all
 */
const char *
porch_area_choose_region (const PorchArea *self,
                          GListModel      *regions,
                          const char      *preferred)
{
  const char *found = preferred != NULL ? find_in (regions, preferred) : NULL;
  g_autoptr(PorchRegion) first = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (G_IS_LIST_MODEL (regions), NULL);

  if (found != NULL && (porch_area_find_of_region (found) == self || g_str_equal (self->id, "world")))
    return found;

  for (guint i = 0; i < G_N_ELEMENTS (homes); i++)
    if (g_str_equal (homes[i].area, self->id) && find_in (regions, homes[i].region) != NULL)
      return find_in (regions, homes[i].region);

  /* Tied to one place, or to places that are newer than this program */
  if (found != NULL)
    return found;

  first = g_list_model_get_item (regions, 0);

  return first != NULL ? porch_region_get_id (first) : NULL;
}

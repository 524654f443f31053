/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * PorchDomainKind:
 * @PORCH_DOMAIN_APEX: what one buys, such as `example.org`
 * @PORCH_DOMAIN_WWW: the same with `www.` before it
 * @PORCH_DOMAIN_SUB: anything else below it, such as `blog.example.org`
 *
 * What kind of name it is. The first two belong together: a site has both or one.
 */
typedef enum
{
  PORCH_DOMAIN_APEX,
  PORCH_DOMAIN_WWW,
  PORCH_DOMAIN_SUB,
} PorchDomainKind;

/**
 * PorchDomainFlags:
 * @PORCH_DOMAIN_DEFAULT: a name of the internet
 * @PORCH_DOMAIN_PRACTICE: a name of the practice cloud: it ends in `.localhost`
 */
typedef enum
{
  PORCH_DOMAIN_DEFAULT  = 0,
  PORCH_DOMAIN_PRACTICE = 1 << 0,
} PorchDomainFlags;

/**
 * PorchDomainName:
 *
 * A name that a site can have on the internet, as it is written for machines and for people. Never changes once made.
 */
typedef struct _PorchDomainName PorchDomainName;

#define PORCH_TYPE_DOMAIN_NAME (porch_domain_name_get_type ())

GType             porch_domain_name_get_type        (void) G_GNUC_CONST;
PorchDomainName  *porch_domain_name_parse           (const char       *typed,
                                                     PorchDomainFlags  flags,
                                                     GError          **error);
PorchDomainName  *porch_domain_name_ref             (PorchDomainName  *self);
void              porch_domain_name_unref           (PorchDomainName  *self);
const char       *porch_domain_name_get_ascii       (PorchDomainName  *self);
const char       *porch_domain_name_get_shown       (PorchDomainName  *self);
const char       *porch_domain_name_get_registrable (PorchDomainName  *self);
PorchDomainKind   porch_domain_name_get_kind        (PorchDomainName  *self);
PorchDomainName  *porch_domain_name_dup_sibling     (PorchDomainName  *self);
gboolean          porch_domain_name_equal           (PorchDomainName  *self,
                                                     PorchDomainName  *other);

char             *porch_domain_name_show            (const char       *ascii);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchDomainName, porch_domain_name_unref)

G_END_DECLS

/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PorchLinkKind:
 * @PORCH_LINK_PLACE: where a visitor may go
 * @PORCH_LINK_RESOURCE: what a browser loads by itself
 * @PORCH_LINK_PICTURE: a resource that is shown with a given width
 * @PORCH_LINK_FORM: where a form is sent
 *
 * What an address in a page is for.
 */
typedef enum
{
  PORCH_LINK_PLACE,
  PORCH_LINK_RESOURCE,
  PORCH_LINK_PICTURE,
  PORCH_LINK_FORM,
} PorchLinkKind;

/**
 * PorchLink:
 * @address: as it stands in the page, without white space around it
 * @kind: what it is for
 * @line: where it stands, from 1
 * @width: how wide a picture is shown, in CSS pixels; 0 if the page does not say
 *
 * An address in a page or style sheet.
 */
typedef struct
{
  const char    *address;
  PorchLinkKind  kind;
  guint          line;
  guint          width;
} PorchLink;

/**
 * PorchPage:
 * @links: all addresses in it, in their order
 * @anchors: the places in it that an address can name with `#`, as a set; NULL for style sheets
 * @base: (nullable): what addresses are relative to, if it is not the page's own
 * @title: (nullable): its title
 * @n_bare_pictures: how many pictures have no text for those who can't see them
 * @first_bare_picture: the line of the first of them
 *
 * What a page or style sheet says that can be right or wrong.
 */
typedef struct
{
  GStringChunk *strings;
  GArray       *links;
  GHashTable   *anchors;
  const char   *base;
  const char   *title;
  guint         n_bare_pictures;
  guint         first_bare_picture;
  guint         html_line;             /* where its language would be said, 0 if it has no such element */
  guint         head_line;             /* where its title would be */
  guint         has_language    : 1;
  guint         has_description : 1;
  guint         is_document     : 1;   /* and no piece that scripts put into other pages */
  guint         leads_on        : 1;   /* sends visitors to another address by itself */
} PorchPage;

PorchPage       *porch_page_new_html       (const char      *text,
                                            gsize            length);
PorchPage       *porch_page_new_css        (const char      *text,
                                            gsize            length);
guint            porch_page_get_n_links    (const PorchPage *self);
gsize            porch_page_measure_scheme (const char      *address);
const PorchLink *porch_page_get_link       (const PorchPage *self,
                                            guint            position);
void             porch_page_free           (PorchPage       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchPage, porch_page_free)

G_END_DECLS

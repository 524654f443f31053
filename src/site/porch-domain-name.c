/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-domain-name.h"

#include "porch-error.h"

#include <glib/gi18n-lib.h>
#include <gio/gio.h>
#include <idn2.h>
#include <libpsl.h>
#include <string.h>

/* RFC 1035, 2.3.4; without the dot at the end */
#define MAX_NAME  253
#define MAX_LABEL 63

/* Longer than any address somebody pastes on purpose */
#define MAX_TYPED 2048

struct _PorchDomainName
{
  char            *ascii;
  char            *shown;
  const char      *registrable;   /* the end of @ascii */
  PorchDomainKind  kind;
};

G_DEFINE_BOXED_TYPE (PorchDomainName, porch_domain_name, porch_domain_name_ref, porch_domain_name_unref)

/* Endings that the internet leaves to tests, home networks and other networks: RFC 2606, 6761, 6762, 7686, 8375 and
 * ICANN's reservation of "internal" */
static const char * const private_endings[] = {
  "alt", "arpa", "example", "internal", "invalid", "lan", "local", "localhost", "onion", "test", NULL
};

static const psl_ctx_t *
get_suffixes (void)
{
  static gsize once;
  static const psl_ctx_t *suffixes;

  if (g_once_init_enter (&once))
    {
      /* The system's list may be newer than the one that is built in. */
      suffixes = psl_latest (NULL);

      if (suffixes == NULL)
        suffixes = psl_builtin ();

      g_once_init_leave (&once, 1);
    }

  return suffixes;
}

/* What stands between the scheme and the path of an address that was pasted whole */
static char *
take_host (const char *typed)
{
  g_autofree char *text = g_strstrip (g_strdup (typed));
  const char *start = strstr (text, "://");
  char *host;

  start = start != NULL ? start + 3 : text;

  if (g_str_has_prefix (start, "//"))
    start += 2;

  host = g_strndup (start, strcspn (start, "/?#\\"));

  return g_strstrip (host);
}

/* The port says nothing about the name. An address of IPv6 has more than one colon. */
static void
cut_port (char *host)
{
  char *colon = strchr (host, ':');

  if (colon != NULL && strchr (colon + 1, ':') == NULL && strspn (colon + 1, "0123456789") == strlen (colon + 1))
    *colon = '\0';
}

static gboolean
fail (GError     **error,
      const char  *format,
      const char  *name)
{
  g_set_error (error, PORCH_ERROR, PORCH_ERROR_DOMAIN, format, name);

  return FALSE;
}

/* What people type that can't be a name, said before anything is computed from it */
static gboolean
check_typed (const char  *host,
             GError     **error)
{
  const char *at = strrchr (host, '@');

  if (*host == '\0')
    return fail (error, "%s", _("Type the address that your site should have, such as “example.org”."));

  if (at != NULL && at[1] != '\0')
    return fail (error, _("That is a mail address. For the site only the part behind the @ is needed: “%s”."), at + 1);

  if (strchr (host, ' ') != NULL || strchr (host, '\t') != NULL || strchr (host, '\n') != NULL)
    return fail (error, _("“%s” has a space in it. Addresses of sites have none; words are often joined with a hyphen."), host);

  if (strchr (host, ',') != NULL)
    return fail (error, _("“%s” has a comma in it. Is it meant to be a dot?"), host);

  if (strchr (host, '*') != NULL)
    return fail (error, _("“%s” stands for many addresses. Type the one that your site should have."), host);

  if (*host == '[' || g_hostname_is_ip_address (host))
    return fail (error, _("“%s” is the number of a computer. A site needs a name, such as “example.org”."), host);

  return TRUE;
}

static gboolean
check_label (const char  *label,
             const char  *name,
             GError     **error)
{
  gsize length = strlen (label);

  if (length == 0)
    return fail (error, _("“%s” has a dot too many."), name);

  if (length > MAX_LABEL)
    return fail (error, _("“%s” is too long: between two dots there is room for 63 letters."), name);

  if (label[0] == '-' || label[length - 1] == '-')
    return fail (error, _("“%s” can’t be an address: no part of it may begin or end with a hyphen."), name);

  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (label[i]) && label[i] != '-')
      return fail (error, _("“%s” can’t be an address: only letters, digits and hyphens are allowed, with dots between the parts."),
                   name);

  return TRUE;
}

static gboolean
check_labels (const char  *ascii,
              const char  *shown,
              GError     **error)
{
  g_auto(GStrv) labels = g_strsplit (ascii, ".", -1);

  if (strlen (ascii) > MAX_NAME)
    return fail (error, _("“%s” is too long for an address."), shown);

  for (gsize i = 0; labels[i] != NULL; i++)
    if (!check_label (labels[i], shown, error))
      return FALSE;

  if (labels[1] == NULL)
    return fail (error, _("“%s” needs an ending, such as “.org” or “.com”."), shown);

  return TRUE;
}

static gboolean
is_private_ending (const char *ascii)
{
  return g_strv_contains (private_endings, strrchr (ascii, '.') + 1) || g_str_has_suffix (ascii, ".home.arpa");
}

static gboolean
check_ending (const char       *ascii,
              const char       *shown,
              PorchDomainFlags  flags,
              GError          **error)
{
  const psl_ctx_t *suffixes = get_suffixes ();
  const char *ending = strrchr (ascii, '.') + 1;

  if ((flags & PORCH_DOMAIN_PRACTICE) != 0)
    {
      if (g_str_equal (ending, "localhost"))
        return TRUE;

      return fail (error, _("“%s” can’t be used for practice. Take a name that ends in “.localhost”."), shown);
    }

  if (is_private_ending (ascii))
    return fail (error, _("“%s” can’t be reached from the internet. Addresses of sites end in “.org”, “.com” and the like."), shown);

  if (!psl_is_public_suffix2 (suffixes, ending, PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE))
    return fail (error, _("“%s” has an ending that does not exist on the internet. Is there a slip of the finger in it?"), shown);

  if (psl_is_public_suffix2 (suffixes, ascii, PSL_TYPE_ICANN))
    return fail (error, _("“%s” is an ending that many addresses share. Put a name of your own before it."), shown);

  if (psl_is_public_suffix2 (suffixes, ascii, PSL_TYPE_PRIVATE | PSL_TYPE_NO_STAR_RULE))
    return fail (error, _("“%s” belongs to a service that gives out addresses. Use a name that is registered to you."), shown);

  return TRUE;
}

/* The part that somebody registers. A suffix of a service is nobody's to register below. */
static const char *
find_registrable (const char       *ascii,
                  PorchDomainFlags  flags)
{
  const char *dot;

  if ((flags & PORCH_DOMAIN_PRACTICE) == 0)
    return psl_registrable_domain (get_suffixes (), ascii);

  dot = strrchr (ascii, '.');
  while (dot > ascii && dot[-1] != '.')
    dot--;

  return dot;
}

static PorchDomainKind
get_kind (const char *ascii,
          const char *registrable)
{
  if (g_str_equal (ascii, registrable))
    return PORCH_DOMAIN_APEX;

  return g_str_has_prefix (ascii, "www.") && g_str_equal (ascii + 4, registrable) ? PORCH_DOMAIN_WWW : PORCH_DOMAIN_SUB;
}

static char *
to_ascii (const char  *host,
          GError     **error)
{
  g_autofree char *ascii = NULL;
  char *raw = NULL;
  int status;

  /* IDNA 2008 as browsers do it (UTS 46, not transitional): "ß" stays a letter of its own */
  status = idn2_to_ascii_8z (host, &raw, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);

  if (status == IDN2_OK)
    ascii = g_ascii_strdown (raw, -1);

  idn2_free (raw);

  if (status == IDN2_TOO_BIG_LABEL || status == IDN2_TOO_BIG_DOMAIN)
    fail (error, _("“%s” is too long for an address."), host);
  else if (status != IDN2_OK)
    fail (error, _("“%s” can’t be an address: it has signs that no address may have."), host);

  return g_steal_pointer (&ascii);
}

/**
 * porch_domain_name_show:
 * @ascii: a name as machines write it
 *
 * Returns: (transfer full): the name as people write it, or @ascii where that can't be told
 */
char *
porch_domain_name_show (const char *ascii)
{
  g_autofree char *shown = NULL;
  char *raw = NULL;

  g_return_val_if_fail (ascii != NULL, NULL);

  if (idn2_to_unicode_8z8z (ascii, &raw, IDN2_NONTRANSITIONAL) == IDN2_OK)
    shown = g_strdup (raw);

  idn2_free (raw);

  return shown != NULL ? g_steal_pointer (&shown) : g_strdup (ascii);
}

/**
 * porch_domain_name_parse:
 * @typed: what somebody typed or pasted: a name, or an address of a page
 * @flags: where the name is to be
 * @error: return location
 *
 * Makes a name of what was typed: scheme, port, path and dots at its end are cut off, letters made small, letters
 * of other scripts encoded (RFC 5890). The ending has to exist (the public suffix list), and the name must not be one
 * that many share, such as `co.uk`.
 *
 * Returns: (transfer full): the name, or %NULL with %PORCH_ERROR_DOMAIN and a sentence for people
 */
PorchDomainName *
porch_domain_name_parse (const char        *typed,
                         PorchDomainFlags   flags,
                         GError           **error)
{
  g_autoptr(PorchDomainName) self = g_atomic_rc_box_new0 (PorchDomainName);
  g_autofree char *host = NULL;

  g_return_val_if_fail (typed != NULL, NULL);

  if (strlen (typed) > MAX_TYPED || !g_utf8_validate (typed, -1, NULL))
    {
      fail (error, "%s", _("That can’t be an address. Type a name such as “example.org”."));
      return NULL;
    }

  host = take_host (typed);
  cut_port (host);

  if (g_str_has_suffix (host, "."))
    host[strlen (host) - 1] = '\0';

  /* What is wrong with plain letters is said more clearly here than by the library. */
  if (!check_typed (host, error) || (g_str_is_ascii (host) && !check_labels (host, host, error)) ||
      !(self->ascii = to_ascii (host, error)))
    return NULL;

  self->shown = porch_domain_name_show (self->ascii);

  if (g_hostname_is_ip_address (self->ascii))
    {
      fail (error, _("“%s” is the number of a computer. A site needs a name, such as “example.org”."), self->shown);
      return NULL;
    }

  if (!check_labels (self->ascii, self->shown, error) || !check_ending (self->ascii, self->shown, flags, error))
    return NULL;

  self->registrable = find_registrable (self->ascii, flags);
  self->kind = get_kind (self->ascii, self->registrable);

  return g_steal_pointer (&self);
}

PorchDomainName *
porch_domain_name_ref (PorchDomainName *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
porch_domain_name_clear (gpointer data)
{
  PorchDomainName *self = data;

  g_free (self->ascii);
  g_free (self->shown);
}

void
porch_domain_name_unref (PorchDomainName *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, porch_domain_name_clear);
}

/**
 * porch_domain_name_get_ascii:
 * @self: a name
 *
 * Returns: (transfer none): the name as machines write it: small letters, without a dot at its end, other scripts encoded
 */
const char *
porch_domain_name_get_ascii (PorchDomainName *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->ascii;
}

/**
 * porch_domain_name_get_shown:
 * @self: a name
 *
 * Returns: (transfer none): the name as people write it
 */
const char *
porch_domain_name_get_shown (PorchDomainName *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->shown;
}

/**
 * porch_domain_name_get_registrable:
 * @self: a name
 *
 * Returns: (transfer none): the part of it that is registered, as machines write it: `example.co.uk` for
 *   `blog.example.co.uk`
 */
const char *
porch_domain_name_get_registrable (PorchDomainName *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->registrable;
}

PorchDomainKind
porch_domain_name_get_kind (PorchDomainName *self)
{
  g_return_val_if_fail (self != NULL, PORCH_DOMAIN_APEX);

  return self->kind;
}

/**
 * porch_domain_name_dup_sibling:
 * @self: a name
 *
 * Returns: (transfer full) (nullable): the name that visitors expect to lead to the same site: with `www.` or without;
 *   %NULL for [enum@Porch.DomainKind.sub], which has none
 */
PorchDomainName *
porch_domain_name_dup_sibling (PorchDomainName *self)
{
  PorchDomainName *sibling;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->kind == PORCH_DOMAIN_SUB)
    return NULL;

  sibling = g_atomic_rc_box_new0 (PorchDomainName);

  if (self->kind == PORCH_DOMAIN_APEX)
    {
      sibling->ascii = g_strconcat ("www.", self->ascii, NULL);
      sibling->kind = PORCH_DOMAIN_WWW;
    }
  else
    {
      sibling->ascii = g_strdup (self->registrable);
      sibling->kind = PORCH_DOMAIN_APEX;
    }

  sibling->shown = porch_domain_name_show (sibling->ascii);
  sibling->registrable = sibling->ascii + strlen (sibling->ascii) - strlen (self->registrable);

  return sibling;
}

gboolean
porch_domain_name_equal (PorchDomainName *self,
                         PorchDomainName *other)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (other != NULL, FALSE);

  return g_str_equal (self->ascii, other->ascii);
}

/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-domain-hosts.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_SUFFIXES 7

/* One step in each line of a text. What stands in quotes is what the pages of the company say. */
typedef struct
{
  const char      *id;
  const char      *name;
  const char      *suffixes[MAX_SUFFIXES];   /* of the names of its servers; what does not begin with a dot may stand anywhere */
  gboolean         sells;                    /* domains, too */
  PorchDomainApex  apex;
  const char      *apex_type;                /* what the record is called there */
  const char      *uri;
  const char      *servers;                  /* where name servers are changed; NULL: nobody wrote it down here */
  const char      *records;                  /* where records are entered */
} Host;

/* The ends of the names are those that the companies give their customers; whether they have a record for the bare domain is
 * in their documentation and in that of dnscontrol (https://docs.dnscontrol.org/provider). */
static const Host hosts[] = {
  /* The way to the right page is left out where nothing that is written confirms it; there are words for all companies then. */
  { "cloudflare", "Cloudflare", { ".ns.cloudflare.com" }, TRUE, PORCH_DOMAIN_APEX_FLATTENED, "CNAME", "https://dash.cloudflare.com/",
    NULL,
    N_("Choose the domain and open “DNS”, then “Records”.\n"
       "Leave the proxy of the new records off: the cloud beside them has to be grey (“DNS only”).") },
  { "godaddy", "GoDaddy", { ".domaincontrol.com" }, TRUE, PORCH_DOMAIN_APEX_NONE, NULL, "https://dcc.godaddy.com/",
    NULL,
    N_("Open the domain in your “Domain Portfolio”, then “DNS”, and press “Add New Record”.") },
  { "namecheap", "Namecheap", { ".registrar-servers.com", ".namecheaphosting.com" }, TRUE, PORCH_DOMAIN_APEX_ALIAS, "ALIAS", "https://www.namecheap.com/",
    N_("Open “Domain List” and press “Manage” beside the domain.\n"
       "Choose “Custom DNS” under “Nameservers”, and press the green check mark after entering them."),
    N_("Open “Domain List”, press “Manage” beside the domain and open “Advanced DNS”.") },
  { "ionos", "IONOS", { ".ui-dns.com", ".ui-dns.de", ".ui-dns.org", ".ui-dns.biz" }, TRUE, PORCH_DOMAIN_APEX_UNKNOWN, NULL, "https://my.ionos.com/",
    N_("Open “Domains & SSL”, choose the domain and open “Name Server”.\n"
       "Choose to use custom name servers."),
    N_("Open “Domains & SSL”, choose the domain and open “DNS”.") },
  { "strato", "STRATO", { ".rzone.de" }, TRUE, PORCH_DOMAIN_APEX_NONE, NULL, "https://www.strato.de/apps/CustomerService",
    N_("Open “Domains” and “Manage Domains”, then the settings of the domain and “DNS”.\n"
       "Change the NS record."),
    N_("Open “Domains” and “Manage Domains”, then the settings of the domain and “DNS”.\n"
       "For a name that is not there yet, add it as a subdomain first.\n"
       "The value has to end with a dot there.") },
  { "ovh", "OVHcloud", { ".ovh.net", ".anycast.me" }, TRUE, PORCH_DOMAIN_APEX_NONE, NULL, "https://www.ovh.com/manager/",
    N_("Choose the domain in the control panel, open “DNS servers” and modify them."),
    N_("Choose the domain in the control panel, open “DNS zone” and add an entry.") },
  { "gandi", "Gandi", { ".gandi.net" }, TRUE, PORCH_DOMAIN_APEX_ALIAS, "ALIAS", "https://admin.gandi.net/",
    NULL, NULL },
  { "hetzner", "Hetzner", { ".ns.hetzner.com", ".ns.hetzner.de", ".first-ns.de", ".second-ns.de", ".second-ns.com" }, TRUE, PORCH_DOMAIN_APEX_NONE, NULL, "https://www.hetzner.com/", NULL, NULL },
  { "google-domains", "Squarespace", { ".googledomains.com", ".squarespacedns.com" }, TRUE, PORCH_DOMAIN_APEX_UNKNOWN, NULL, "https://account.squarespace.com/domains",
    NULL, NULL },
  { "hostinger", "Hostinger", { ".dns-parking.com" }, TRUE, PORCH_DOMAIN_APEX_FLATTENED, "CNAME", "https://hpanel.hostinger.com/",
    NULL, NULL },
  { "porkbun", "Porkbun", { ".ns.porkbun.com", ".porkbun.com" }, TRUE, PORCH_DOMAIN_APEX_ALIAS, "ALIAS", "https://porkbun.com/account/domainsSpeedy",
    NULL, NULL },
  { "name.com", "Name.com", { ".name.com" }, TRUE, PORCH_DOMAIN_APEX_ANAME, "ANAME", "https://www.name.com/account/domain", NULL, NULL },
  { "wix", "Wix", { ".wixdns.net" }, TRUE, PORCH_DOMAIN_APEX_UNKNOWN, NULL, "https://manage.wix.com/", NULL, NULL },
  { "domain.com", "Domain.com", { ".domain.com" }, TRUE, PORCH_DOMAIN_APEX_UNKNOWN, NULL, "https://www.domain.com/", NULL, NULL },
  { "infomaniak", "Infomaniak", { ".infomaniak.ch", ".infomaniak.com" }, TRUE, PORCH_DOMAIN_APEX_UNKNOWN, NULL, "https://manager.infomaniak.com/", NULL, NULL },
  { "one.com", "one.com", { ".one.com", ".one-dns.net" }, TRUE, PORCH_DOMAIN_APEX_UNKNOWN, NULL, "https://www.one.com/admin/", NULL, NULL },
  { "loopia", "Loopia", { ".loopia.se" }, TRUE, PORCH_DOMAIN_APEX_NONE, NULL, "https://customerzone.loopia.com/", NULL, NULL },
  { "simply", "Simply.com", { ".simply.com", ".unoeuro.com" }, TRUE, PORCH_DOMAIN_APEX_UNKNOWN, NULL, "https://www.simply.com/", NULL, NULL },
  { "transip", "TransIP", { ".transip.nl", ".transip.net", ".transip.eu" }, TRUE, PORCH_DOMAIN_APEX_ALIAS, "ALIAS", "https://www.transip.nl/cp/", NULL, NULL },
  { "hover", "Hover", { ".hover.com" }, TRUE, PORCH_DOMAIN_APEX_UNKNOWN, NULL, "https://www.hover.com/", NULL, NULL },
  { "dnsimple", "DNSimple", { ".dnsimple.com", ".dnsimple-edge.net", ".dnsimple-edge.org", ".dnsimple-edge.com", ".dnsimple-edge.io" }, TRUE, PORCH_DOMAIN_APEX_ALIAS, "ALIAS", "https://dnsimple.com/", NULL, NULL },
  { "inwx", "INWX", { ".inwx.de", ".inwx.eu", ".inwx.net" }, TRUE, PORCH_DOMAIN_APEX_ALIAS, "ALIAS", "https://www.inwx.com/", NULL, NULL },
  { "joker", "Joker.com", { ".ns.joker.com" }, TRUE, PORCH_DOMAIN_APEX_NONE, NULL, "https://joker.com/", NULL, NULL },
  { "netcup", "netcup", { ".netcup.net", ".netcup.de" }, TRUE, PORCH_DOMAIN_APEX_UNKNOWN, NULL, "https://www.customercontrolpanel.de/", NULL, NULL },
  { "all-inkl", "ALL-INKL.COM", { ".kasserver.com" }, TRUE, PORCH_DOMAIN_APEX_UNKNOWN, NULL, "https://kas.all-inkl.com/", NULL, NULL },
  { "united-domains", "united-domains", { ".udag.de", ".udagdns.de", ".udagdns.net", ".ud-dns.de" }, TRUE, PORCH_DOMAIN_APEX_UNKNOWN, NULL, "https://www.united-domains.de/", NULL, NULL },
  { "domainfactory", "DomainFactory", { ".namespace4you.de" }, TRUE, PORCH_DOMAIN_APEX_UNKNOWN, NULL, "https://www.df.eu/", NULL, NULL },
  { "domeneshop", "Domeneshop", { ".hyp.net" }, TRUE, PORCH_DOMAIN_APEX_UNKNOWN, NULL, "https://domene.shop/", NULL, NULL },
  { "dondominio", "DonDominio", { ".dondominio.com" }, TRUE, PORCH_DOMAIN_APEX_UNKNOWN, NULL, "https://www.dondominio.com/", NULL, NULL },
  { "network-solutions", "Network Solutions", { ".worldnic.com" }, TRUE, PORCH_DOMAIN_APEX_UNKNOWN, NULL, "https://www.networksolutions.com/", NULL, NULL },
  { "register.com", "Register.com", { ".register.com" }, TRUE, PORCH_DOMAIN_APEX_UNKNOWN, NULL, "https://www.register.com/", NULL, NULL },
  { "bluehost", "Bluehost", { ".bluehost.com" }, TRUE, PORCH_DOMAIN_APEX_UNKNOWN, NULL, "https://my.bluehost.com/", NULL, NULL },
  { "hostgator", "HostGator", { ".hostgator.com", ".websitewelcome.com" }, TRUE, PORCH_DOMAIN_APEX_UNKNOWN, NULL, "https://portal.hostgator.com/", NULL, NULL },
  { "dreamhost", "DreamHost", { ".dreamhost.com" }, TRUE, PORCH_DOMAIN_APEX_UNKNOWN, NULL, "https://panel.dreamhost.com/", NULL, NULL },
  { "wordpress.com", "WordPress.com", { ".wordpress.com" }, TRUE, PORCH_DOMAIN_APEX_UNKNOWN, NULL, "https://wordpress.com/domains/manage", NULL, NULL },
  { "dynadot", "Dynadot", { ".dynadot.com", ".dyna-ns.net" }, TRUE, PORCH_DOMAIN_APEX_UNKNOWN, NULL, "https://www.dynadot.com/account/", NULL, NULL },
  { "namesilo", "NameSilo", { ".namesilo.com", ".dnsowl.com" }, TRUE, PORCH_DOMAIN_APEX_UNKNOWN, NULL, "https://www.namesilo.com/account_domains.php",
    N_("Open the domain manager and check the box beside the domain.\n"
       "Press the icon “Change Nameservers” above the list, and remove the old ones."), NULL },
  { "spaceship", "Spaceship", { ".spaceship.net" }, TRUE, PORCH_DOMAIN_APEX_UNKNOWN, NULL, "https://www.spaceship.com/", NULL, NULL },
  { "mythic-beasts", "Mythic Beasts", { ".mythic-beasts.com" }, TRUE, PORCH_DOMAIN_APEX_NONE, NULL, "https://www.mythic-beasts.com/", NULL, NULL },
  { "cloudns", "ClouDNS", { ".cloudns.net" }, TRUE, PORCH_DOMAIN_APEX_ALIAS, "ALIAS", "https://www.cloudns.net/", NULL, NULL },
  { "dns-made-easy", "DNS Made Easy", { ".dnsmadeeasy.com" }, FALSE, PORCH_DOMAIN_APEX_ANAME, "ANAME", "https://cp.dnsmadeeasy.com/", NULL, NULL },
  { "he", "Hurricane Electric", { ".he.net" }, FALSE, PORCH_DOMAIN_APEX_ALIAS, "ALIAS", "https://dns.he.net/", NULL, NULL },
  { "desec", "deSEC", { ".desec.io", ".desec.org" }, FALSE, PORCH_DOMAIN_APEX_UNKNOWN, NULL, "https://desec.io/", NULL, NULL },
  /* Their ALIAS leads to sites that they serve themselves. */
  { "netlify", "NS1 (Netlify)", { ".nsone.net" }, TRUE, PORCH_DOMAIN_APEX_UNKNOWN, NULL, "https://app.netlify.com/", NULL, NULL },
  { "vercel", "Vercel", { ".vercel-dns.com", ".vercel-dns-3.com" }, TRUE, PORCH_DOMAIN_APEX_ALIAS, "ALIAS", "https://vercel.com/dashboard/domains", NULL, NULL },
  { "digitalocean", "DigitalOcean", { ".digitalocean.com" }, FALSE, PORCH_DOMAIN_APEX_UNKNOWN, NULL, "https://cloud.digitalocean.com/networking/domains", NULL, NULL },
  { "linode", "Akamai Linode", { ".linode.com" }, FALSE, PORCH_DOMAIN_APEX_UNKNOWN, NULL, "https://cloud.linode.com/domains", NULL, NULL },
  { "vultr", "Vultr", { ".vultr.com" }, FALSE, PORCH_DOMAIN_APEX_NONE, NULL, "https://my.vultr.com/dns/", NULL, NULL },
  /* Its alias records lead to its own services only. */
  { "azure", "Azure DNS", { ".azure-dns.com", ".azure-dns.net", ".azure-dns.org", ".azure-dns.info" }, FALSE, PORCH_DOMAIN_APEX_NONE, NULL, "https://portal.azure.com/", NULL, NULL },
  { "google-cloud", "Google Cloud DNS", { "ns-cloud-" }, FALSE, PORCH_DOMAIN_APEX_ALIAS, "ALIAS", "https://console.cloud.google.com/net-services/dns", NULL, NULL },
  { "route53", "Amazon Route 53", { "awsdns-" }, TRUE, PORCH_DOMAIN_APEX_ALIAS, "A", "https://console.aws.amazon.com/route53/", NULL, NULL },
  { "practice", "Pretended Names", { ".pretended-names.localhost" }, TRUE, PORCH_DOMAIN_APEX_ALIAS, "ALIAS", NULL,
    N_("Open the page of the domain and change its name servers there."),
    N_("Open the page of the domain and add the record there.") },
};

static const Host unknown = { "unknown", NULL, { NULL }, FALSE, PORCH_DOMAIN_APEX_UNKNOWN, NULL, NULL, NULL, NULL };

/**
 * PorchDomainHost:
 *
 * The company that answers for a domain, as the names of its servers tell. It need not be the one where the domain was
 * bought, but mostly is.
 */
struct _PorchDomainHost
{
  GObject     parent_instance;

  const Host *host;
};

enum
{
  PROP_ID = 1,
  PROP_NAME,
  PROP_KNOWN,
  PROP_SELLS,
  PROP_APEX,
  PROP_APEX_TYPE,
  PROP_URI,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchDomainHost, porch_domain_host, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (PorchDomainApex, porch_domain_apex,
                    G_DEFINE_ENUM_VALUE (PORCH_DOMAIN_APEX_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (PORCH_DOMAIN_APEX_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (PORCH_DOMAIN_APEX_ALIAS, "alias"),
                    G_DEFINE_ENUM_VALUE (PORCH_DOMAIN_APEX_ANAME, "aname"),
                    G_DEFINE_ENUM_VALUE (PORCH_DOMAIN_APEX_FLATTENED, "flattened"))

static void
porch_domain_host_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  PorchDomainHost *self = PORCH_DOMAIN_HOST (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->host->id);
      break;

    case PROP_NAME:
      g_value_set_string (value, porch_domain_host_get_name (self));
      break;

    case PROP_KNOWN:
      g_value_set_boolean (value, porch_domain_host_is_known (self));
      break;

    case PROP_SELLS:
      g_value_set_boolean (value, self->host->sells);
      break;

    case PROP_APEX:
      g_value_set_enum (value, self->host->apex);
      break;

    case PROP_APEX_TYPE:
      g_value_set_string (value, self->host->apex_type);
      break;

    case PROP_URI:
      g_value_set_string (value, self->host->uri);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_domain_host_class_init (PorchDomainHostClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = porch_domain_host_get_property;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_KNOWN] = g_param_spec_boolean ("known", NULL, NULL, FALSE, flags);
  properties[PROP_SELLS] = g_param_spec_boolean ("sells", NULL, NULL, FALSE, flags);
  properties[PROP_APEX] = g_param_spec_enum ("apex", NULL, NULL, PORCH_TYPE_DOMAIN_APEX, PORCH_DOMAIN_APEX_UNKNOWN, flags);
  properties[PROP_APEX_TYPE] = g_param_spec_string ("apex-type", NULL, NULL, NULL, flags);
  properties[PROP_URI] = g_param_spec_string ("uri", NULL, NULL, NULL, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
porch_domain_host_init (PorchDomainHost *self)
{
  self->host = &unknown;
}

static PorchDomainHost *
host_new (const Host *host)
{
  PorchDomainHost *self = g_object_new (PORCH_TYPE_DOMAIN_HOST, NULL);

  self->host = host;

  return self;
}

static gboolean
is_server (const char *server,
           const char *pattern)
{
  return *pattern == '.' ? g_str_has_suffix (server, pattern) : strstr (server, pattern) != NULL;
}

static gboolean
serves (const Host *host,
        const char *server)
{
  for (guint i = 0; i < MAX_SUFFIXES && host->suffixes[i] != NULL; i++)
    if (is_server (server, host->suffixes[i]))
      return TRUE;

  return FALSE;
}

/* What may stand anywhere is looked for first: it tells two apart that have the same end. */
static const Host *
find_host (const char *server)
{
  for (guint pass = 0; pass < 2; pass++)
    for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
      if ((*hosts[i].suffixes[0] == '.') == (pass == 1) && serves (&hosts[i], server))
        return &hosts[i];

  return &unknown;
}

static void
add_lines (GStrvBuilder *builder,
           const char   *text)
{
  g_auto(GStrv) lines = g_strsplit (_(text), "\n", -1);

  g_strv_builder_addv (builder, (const char **) lines);
}

/* What is sold elsewhere is changed elsewhere. */
static void
add_sign_in (GStrvBuilder    *builder,
             PorchDomainHost *self,
             const char      *domain,
             gboolean         is_registrar)
{
  const char *name = porch_domain_host_get_name (self);

  if (name == NULL || (is_registrar && !self->host->sells))
    /* Translators: %s is a domain */
    g_strv_builder_take (builder, g_strdup_printf (_("Sign in at the company where “%s” was bought."), domain));
  else if (is_registrar)
    /* Translators: the name of a company, then a domain */
    g_strv_builder_take (builder, g_strdup_printf (_("Sign in at %s, or, if “%s” was bought at another company, there."), name, domain));
  else
    /* Translators: %s is the name of a company */
    g_strv_builder_take (builder, g_strdup_printf (_("Sign in at %s."), name));
}

/**
 * porch_domain_host_find:
 * @name_servers: (array zero-terminated=1): the name servers of a domain, in small letters, without a dot at their end
 *
 * Returns: (transfer full): who that is: the company of the first server that is known; if none is, one of which nothing is known
 */
PorchDomainHost *
porch_domain_host_find (const char * const *name_servers)
{
  g_return_val_if_fail (name_servers != NULL, NULL);

  for (guint i = 0; name_servers[i] != NULL; i++)
    {
      const Host *host = find_host (name_servers[i]);

      if (host != &unknown)
        return host_new (host);
    }

  return host_new (&unknown);
}

/**
 * porch_domain_host_get:
 * @id: the id of a company
 *
 * Returns: (transfer full): the company; if there is none, one of which nothing is known
 */
PorchDomainHost *
porch_domain_host_get (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    if (g_strcmp0 (hosts[i].id, id) == 0)
      return host_new (&hosts[i]);

  return host_new (&unknown);
}

const char *
porch_domain_host_get_id (PorchDomainHost *self)
{
  g_return_val_if_fail (PORCH_IS_DOMAIN_HOST (self), NULL);

  return self->host->id;
}

const char *
porch_domain_host_get_name (PorchDomainHost *self)
{
  g_return_val_if_fail (PORCH_IS_DOMAIN_HOST (self), NULL);

  return self->host->name != NULL ? _(self->host->name) : NULL;
}

gboolean
porch_domain_host_is_known (PorchDomainHost *self)
{
  g_return_val_if_fail (PORCH_IS_DOMAIN_HOST (self), FALSE);

  return self->host != &unknown;
}

gboolean
porch_domain_host_sells (PorchDomainHost *self)
{
  g_return_val_if_fail (PORCH_IS_DOMAIN_HOST (self), FALSE);

  return self->host->sells;
}

PorchDomainApex
porch_domain_host_get_apex (PorchDomainHost *self)
{
  g_return_val_if_fail (PORCH_IS_DOMAIN_HOST (self), PORCH_DOMAIN_APEX_UNKNOWN);

  return self->host->apex;
}

const char *
porch_domain_host_get_apex_type (PorchDomainHost *self)
{
  g_return_val_if_fail (PORCH_IS_DOMAIN_HOST (self), NULL);

  return self->host->apex_type;
}

const char *
porch_domain_host_get_uri (PorchDomainHost *self)
{
  g_return_val_if_fail (PORCH_IS_DOMAIN_HOST (self), NULL);

  return self->host->uri;
}

/**
 * porch_domain_host_dup_server_steps:
 * @self: a company
 * @domain: a domain as people write it
 *
 * Returns: (transfer full) (array zero-terminated=1): what its owner does so that other name servers answer for it, a sentence
 *   for each step
 */
char **
porch_domain_host_dup_server_steps (PorchDomainHost *self,
                                    const char      *domain)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  g_return_val_if_fail (PORCH_IS_DOMAIN_HOST (self), NULL);
  g_return_val_if_fail (domain != NULL, NULL);

  add_sign_in (builder, self, domain, TRUE);

  if (self->host->servers != NULL)
    add_lines (builder, self->host->servers);
  else
    add_lines (builder, N_("Open the settings of the name and look for “Name servers” or “DNS servers”, and there for your own or external ones."));

  add_lines (builder, N_("Take out the servers that are there, and enter the new ones instead, each in a field of its own.\n"
                         "Save. It may ask whether you are sure: you are, since all records have been copied."));

  return g_strv_builder_end (builder);
}

/**
 * porch_domain_host_dup_record_steps:
 * @self: a company
 * @domain: a domain as people write it
 *
 * Returns: (transfer full) (array zero-terminated=1): what its owner does to enter a record, a sentence for each step
 */
char **
porch_domain_host_dup_record_steps (PorchDomainHost *self,
                                    const char      *domain)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  g_return_val_if_fail (PORCH_IS_DOMAIN_HOST (self), NULL);
  g_return_val_if_fail (domain != NULL, NULL);

  add_sign_in (builder, self, domain, FALSE);

  if (self->host->records != NULL)
    add_lines (builder, self->host->records);
  else
    add_lines (builder, N_("Open the settings of the name and look for “DNS records”, “DNS zone” or “Advanced DNS”."));

  add_lines (builder, N_("Add a record for each row: choose its type, and paste the name and the value.\n"
                         "If a record with the same name is there already, change it instead.\n"
                         "Save. Other settings stay as they are."));

  return g_strv_builder_end (builder);
}

/**
 * porch_domain_host_dup_signing_steps:
 * @self: a company
 * @domain: a domain as people write it
 *
 * Returns: (transfer full) (array zero-terminated=1): what its owner does to switch signatures (DNSSEC) off, a sentence for
 *   each step
 */
char **
porch_domain_host_dup_signing_steps (PorchDomainHost *self,
                                     const char      *domain)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  g_return_val_if_fail (PORCH_IS_DOMAIN_HOST (self), NULL);
  g_return_val_if_fail (domain != NULL, NULL);

  add_sign_in (builder, self, domain, TRUE);
  add_lines (builder, N_("Open the settings of the name and look for “DNSSEC” or “DS records”.\n"
                         "Switch it off, or remove all DS records.\n"
                         "Wait a day before you change the name servers: others remember the old signatures for so long."));

  return g_strv_builder_end (builder);
}

/**
 * porch_domain_host_dup_apex_text:
 * @self: a company
 * @domain: a domain as people write it
 *
 * Returns: (transfer full): whether and how the bare domain can point to the site there, for people
 */
char *
porch_domain_host_dup_apex_text (PorchDomainHost *self,
                                 const char      *domain)
{
  const char *name;

  g_return_val_if_fail (PORCH_IS_DOMAIN_HOST (self), NULL);
  g_return_val_if_fail (domain != NULL, NULL);

  name = porch_domain_host_get_name (self);

  switch (self->host->apex)
    {
    case PORCH_DOMAIN_APEX_ALIAS:
    case PORCH_DOMAIN_APEX_ANAME:
    case PORCH_DOMAIN_APEX_FLATTENED:
      /* Translators: the name of a company, a domain, and the type of a record */
      return g_strdup_printf (_("At %s, “%s” without “www.” can lead to the site, too, with a record of the type %s."), name, domain, self->host->apex_type);

    case PORCH_DOMAIN_APEX_NONE:
      /* Translators: the name of a company, then a domain twice */
      return g_strdup_printf (_("At %s, “%s” without “www.” can’t lead to the site; “www.%s” can. Choose that address and let the company send "
                                "visitors on to it (“forwarding”), or move the name into your account."),
                              name, domain, domain);

    case PORCH_DOMAIN_APEX_UNKNOWN:
    default:
      /* Translators: a domain, three times */
      return g_strdup_printf (_("Whether “%s” without “www.” can lead to the site depends on the company: look for a record of the type ALIAS, "
                                "ANAME or “CNAME flattening”. If there is none, choose “www.%s” and let the company send visitors of "
                                "“%s” on to it (“forwarding”), or move the name into your account."),
                              domain, domain, domain);
    }
}

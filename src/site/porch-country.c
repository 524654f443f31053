/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-domain-contact.h"

#include <glib/gi18n-lib.h>
#include <langinfo.h>
#include <string.h>

/* Names are translated by the system's own catalogue of countries, where it is installed */
#define CATALOGUE "iso_3166-1"
#define STATE_CATALOGUE "iso_3166-2"

/* Which countries have which time zones */
#define TIME_ZONES "/usr/share/zoneinfo/zone.tab"

/**
 * PorchCountry:
 *
 * A country that a domain's owner can live in, for a list to choose from.
 */
struct _PorchCountry
{
  GObject     parent_instance;

  const char *code;
  const char *dial_code;
  const char *name;
};

G_DEFINE_FINAL_TYPE (PorchCountry, porch_country, G_TYPE_OBJECT)

enum
{
  PROP_CODE = 1,
  PROP_NAME,
  PROP_DIAL_CODE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* ISO 3166-1 and ITU-T E.164. Countries that the provider may not sell to are left out. */
static const struct
{
  const char code[3];
  const char *dial_code;
  const char *name;
} countries[] = {
  { "AD", "376", "Andorra" },
  { "AE", "971", "United Arab Emirates" },
  { "AF", "93", "Afghanistan" },
  { "AG", "1", "Antigua and Barbuda" },
  { "AI", "1", "Anguilla" },
  { "AL", "355", "Albania" },
  { "AM", "374", "Armenia" },
  { "AO", "244", "Angola" },
  { "AR", "54", "Argentina" },
  { "AS", "1", "American Samoa" },
  { "AT", "43", "Austria" },
  { "AU", "61", "Australia" },
  { "AW", "297", "Aruba" },
  { "AX", "358", "Åland Islands" },
  { "AZ", "994", "Azerbaijan" },
  { "BA", "387", "Bosnia and Herzegovina" },
  { "BB", "1", "Barbados" },
  { "BD", "880", "Bangladesh" },
  { "BE", "32", "Belgium" },
  { "BF", "226", "Burkina Faso" },
  { "BG", "359", "Bulgaria" },
  { "BH", "973", "Bahrain" },
  { "BI", "257", "Burundi" },
  { "BJ", "229", "Benin" },
  { "BL", "590", "Saint Barthélemy" },
  { "BM", "1", "Bermuda" },
  { "BN", "673", "Brunei" },
  { "BO", "591", "Bolivia" },
  { "BQ", "599", "Bonaire, Sint Eustatius and Saba" },
  { "BR", "55", "Brazil" },
  { "BS", "1", "Bahamas" },
  { "BT", "975", "Bhutan" },
  { "BW", "267", "Botswana" },
  { "BY", "375", "Belarus" },
  { "BZ", "501", "Belize" },
  { "CA", "1", "Canada" },
  { "CC", "61", "Cocos (Keeling) Islands" },
  { "CD", "243", "Congo, The Democratic Republic of the" },
  { "CF", "236", "Central African Rep." },
  { "CG", "242", "Congo" },
  { "CH", "41", "Switzerland" },
  { "CI", "225", "Côte d'Ivoire" },
  { "CK", "682", "Cook Islands" },
  { "CL", "56", "Chile" },
  { "CM", "237", "Cameroon" },
  { "CN", "86", "China" },
  { "CO", "57", "Colombia" },
  { "CR", "506", "Costa Rica" },
  { "CV", "238", "Cape Verde" },
  { "CW", "599", "Curaçao" },
  { "CX", "61", "Christmas Island" },
  { "CY", "357", "Cyprus" },
  { "CZ", "420", "Czechia" },
  { "DE", "49", "Germany" },
  { "DJ", "253", "Djibouti" },
  { "DK", "45", "Denmark" },
  { "DM", "1", "Dominica" },
  { "DO", "1", "Dominican Republic" },
  { "DZ", "213", "Algeria" },
  { "EC", "593", "Ecuador" },
  { "EE", "372", "Estonia" },
  { "EG", "20", "Egypt" },
  { "ER", "291", "Eritrea" },
  { "ES", "34", "Spain" },
  { "ET", "251", "Ethiopia" },
  { "FI", "358", "Finland" },
  { "FJ", "679", "Fiji" },
  { "FK", "500", "Falkland Islands (Malvinas)" },
  { "FM", "691", "Micronesia" },
  { "FO", "298", "Faroe Islands" },
  { "FR", "33", "France" },
  { "GA", "241", "Gabon" },
  { "GB", "44", "United Kingdom" },
  { "GD", "1", "Grenada" },
  { "GE", "995", "Georgia" },
  { "GF", "594", "French Guiana" },
  { "GG", "44", "Guernsey" },
  { "GH", "233", "Ghana" },
  { "GI", "350", "Gibraltar" },
  { "GL", "299", "Greenland" },
  { "GM", "220", "Gambia" },
  { "GN", "224", "Guinea" },
  { "GP", "590", "Guadeloupe" },
  { "GQ", "240", "Equatorial Guinea" },
  { "GR", "30", "Greece" },
  { "GT", "502", "Guatemala" },
  { "GU", "1", "Guam" },
  { "GW", "245", "Guinea-Bissau" },
  { "GY", "592", "Guyana" },
  { "HK", "852", "Hong Kong" },
  { "HN", "504", "Honduras" },
  { "HR", "385", "Croatia" },
  { "HT", "509", "Haiti" },
  { "HU", "36", "Hungary" },
  { "ID", "62", "Indonesia" },
  { "IE", "353", "Ireland" },
  { "IL", "972", "Israel" },
  { "IM", "44", "Isle of Man" },
  { "IN", "91", "India" },
  { "IO", "246", "British Indian Ocean Territory" },
  { "IQ", "964", "Iraq" },
  { "IS", "354", "Iceland" },
  { "IT", "39", "Italy" },
  { "JE", "44", "Jersey" },
  { "JM", "1", "Jamaica" },
  { "JO", "962", "Jordan" },
  { "JP", "81", "Japan" },
  { "KE", "254", "Kenya" },
  { "KG", "996", "Kyrgyzstan" },
  { "KH", "855", "Cambodia" },
  { "KI", "686", "Kiribati" },
  { "KM", "269", "Comoros" },
  { "KN", "1", "Saint Kitts and Nevis" },
  { "KR", "82", "South Korea" },
  { "KW", "965", "Kuwait" },
  { "KY", "1", "Cayman Islands" },
  { "KZ", "7", "Kazakhstan" },
  { "LA", "856", "Laos" },
  { "LB", "961", "Lebanon" },
  { "LC", "1", "Saint Lucia" },
  { "LI", "423", "Liechtenstein" },
  { "LK", "94", "Sri Lanka" },
  { "LR", "231", "Liberia" },
  { "LS", "266", "Lesotho" },
  { "LT", "370", "Lithuania" },
  { "LU", "352", "Luxembourg" },
  { "LV", "371", "Latvia" },
  { "LY", "218", "Libya" },
  { "MA", "212", "Morocco" },
  { "MC", "377", "Monaco" },
  { "MD", "373", "Moldova" },
  { "ME", "382", "Montenegro" },
  { "MF", "590", "Saint Martin (French part)" },
  { "MG", "261", "Madagascar" },
  { "MH", "692", "Marshall Islands" },
  { "MK", "389", "North Macedonia" },
  { "ML", "223", "Mali" },
  { "MM", "95", "Myanmar" },
  { "MN", "976", "Mongolia" },
  { "MO", "853", "Macau" },
  { "MP", "1", "Northern Mariana Islands" },
  { "MQ", "596", "Martinique" },
  { "MR", "222", "Mauritania" },
  { "MS", "1", "Montserrat" },
  { "MT", "356", "Malta" },
  { "MU", "230", "Mauritius" },
  { "MV", "960", "Maldives" },
  { "MW", "265", "Malawi" },
  { "MX", "52", "Mexico" },
  { "MY", "60", "Malaysia" },
  { "MZ", "258", "Mozambique" },
  { "NA", "264", "Namibia" },
  { "NC", "687", "New Caledonia" },
  { "NE", "227", "Niger" },
  { "NF", "672", "Norfolk Island" },
  { "NG", "234", "Nigeria" },
  { "NI", "505", "Nicaragua" },
  { "NL", "31", "Netherlands" },
  { "NO", "47", "Norway" },
  { "NP", "977", "Nepal" },
  { "NR", "674", "Nauru" },
  { "NU", "683", "Niue" },
  { "NZ", "64", "New Zealand" },
  { "OM", "968", "Oman" },
  { "PA", "507", "Panama" },
  { "PE", "51", "Peru" },
  { "PF", "689", "French Polynesia" },
  { "PG", "675", "Papua New Guinea" },
  { "PH", "63", "Philippines" },
  { "PK", "92", "Pakistan" },
  { "PL", "48", "Poland" },
  { "PM", "508", "Saint Pierre and Miquelon" },
  { "PN", "64", "Pitcairn" },
  { "PR", "1", "Puerto Rico" },
  { "PS", "970", "Palestine" },
  { "PT", "351", "Portugal" },
  { "PW", "680", "Palau" },
  { "PY", "595", "Paraguay" },
  { "QA", "974", "Qatar" },
  { "RE", "262", "Réunion" },
  { "RO", "40", "Romania" },
  { "RS", "381", "Serbia" },
  { "RU", "7", "Russia" },
  { "RW", "250", "Rwanda" },
  { "SA", "966", "Saudi Arabia" },
  { "SB", "677", "Solomon Islands" },
  { "SC", "248", "Seychelles" },
  { "SE", "46", "Sweden" },
  { "SG", "65", "Singapore" },
  { "SH", "290", "Saint Helena, Ascension and Tristan da Cunha" },
  { "SI", "386", "Slovenia" },
  { "SK", "421", "Slovakia" },
  { "SL", "232", "Sierra Leone" },
  { "SM", "378", "San Marino" },
  { "SN", "221", "Senegal" },
  { "SO", "252", "Somalia" },
  { "SR", "597", "Suriname" },
  { "SS", "211", "South Sudan" },
  { "ST", "239", "Sao Tome and Principe" },
  { "SV", "503", "El Salvador" },
  { "SX", "1", "Sint Maarten (Dutch part)" },
  { "SZ", "268", "Eswatini" },
  { "TC", "1", "Turks and Caicos Islands" },
  { "TD", "235", "Chad" },
  { "TG", "228", "Togo" },
  { "TH", "66", "Thailand" },
  { "TJ", "992", "Tajikistan" },
  { "TK", "690", "Tokelau" },
  { "TL", "670", "East Timor" },
  { "TM", "993", "Turkmenistan" },
  { "TN", "216", "Tunisia" },
  { "TO", "676", "Tonga" },
  { "TR", "90", "Türkiye" },
  { "TT", "1", "Trinidad and Tobago" },
  { "TV", "688", "Tuvalu" },
  { "TW", "886", "Taiwan" },
  { "TZ", "255", "Tanzania" },
  { "UA", "380", "Ukraine" },
  { "UG", "256", "Uganda" },
  { "US", "1", "United States" },
  { "UY", "598", "Uruguay" },
  { "UZ", "998", "Uzbekistan" },
  { "VA", "39", "Vatican City" },
  { "VC", "1", "Saint Vincent and the Grenadines" },
  { "VE", "58", "Venezuela" },
  { "VG", "1", "Virgin Islands, British" },
  { "VI", "1", "Virgin Islands, U.S." },
  { "VN", "84", "Vietnam" },
  { "VU", "678", "Vanuatu" },
  { "WF", "681", "Wallis and Futuna" },
  { "WS", "685", "Samoa" },
  { "XK", "383", "Kosovo" },
  { "YE", "967", "Yemen" },
  { "YT", "262", "Mayotte" },
  { "ZA", "27", "South Africa" },
  { "ZM", "260", "Zambia" },
  { "ZW", "263", "Zimbabwe" },
};

/* Countries whose addresses name a state, which has to be one of these: ISO 3166-2, by name */
static const PorchCountryState australian[] = {
  { "ACT", "Australian Capital Territory" }, { "NSW", "New South Wales" }, { "NT", "Northern Territory" },
  { "QLD", "Queensland" }, { "SA", "South Australia" }, { "TAS", "Tasmania" }, { "VIC", "Victoria" },
  { "WA", "Western Australia" }, { NULL, NULL }
};
static const PorchCountryState canadian[] = {
  { "AB", "Alberta" }, { "BC", "British Columbia" }, { "MB", "Manitoba" }, { "NB", "New Brunswick" },
  { "NL", "Newfoundland and Labrador" }, { "NT", "Northwest Territories" }, { "NS", "Nova Scotia" }, { "NU", "Nunavut" },
  { "ON", "Ontario" }, { "PE", "Prince Edward Island" }, { "QC", "Quebec" }, { "SK", "Saskatchewan" }, { "YT", "Yukon" }, { NULL, NULL }
};
static const PorchCountryState american[] = {
  { "AL", "Alabama" }, { "AK", "Alaska" }, { "AZ", "Arizona" }, { "AR", "Arkansas" }, { "CA", "California" },
  { "CO", "Colorado" }, { "CT", "Connecticut" }, { "DE", "Delaware" }, { "DC", "District of Columbia" }, { "FL", "Florida" },
  { "GA", "Georgia" }, { "HI", "Hawaii" }, { "ID", "Idaho" }, { "IL", "Illinois" }, { "IN", "Indiana" }, { "IA", "Iowa" },
  { "KS", "Kansas" }, { "KY", "Kentucky" }, { "LA", "Louisiana" }, { "ME", "Maine" }, { "MD", "Maryland" },
  { "MA", "Massachusetts" }, { "MI", "Michigan" }, { "MN", "Minnesota" }, { "MS", "Mississippi" }, { "MO", "Missouri" },
  { "MT", "Montana" }, { "NE", "Nebraska" }, { "NV", "Nevada" }, { "NH", "New Hampshire" }, { "NJ", "New Jersey" },
  { "NM", "New Mexico" }, { "NY", "New York" }, { "NC", "North Carolina" }, { "ND", "North Dakota" }, { "OH", "Ohio" },
  { "OK", "Oklahoma" }, { "OR", "Oregon" }, { "PA", "Pennsylvania" }, { "RI", "Rhode Island" }, { "SC", "South Carolina" },
  { "SD", "South Dakota" }, { "TN", "Tennessee" }, { "TX", "Texas" }, { "UT", "Utah" }, { "VT", "Vermont" },
  { "VA", "Virginia" }, { "WA", "Washington" }, { "WV", "West Virginia" }, { "WI", "Wisconsin" }, { "WY", "Wyoming" }, { NULL, NULL }
};

static void
porch_country_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  PorchCountry *self = PORCH_COUNTRY (object);

  switch (prop_id)
    {
    case PROP_CODE:
      g_value_set_static_string (value, self->code);
      break;
    case PROP_NAME:
      g_value_set_static_string (value, self->name);
      break;
    case PROP_DIAL_CODE:
      g_value_set_static_string (value, self->dial_code);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_country_class_init (PorchCountryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = porch_country_get_property;

  properties[PROP_CODE] = g_param_spec_string ("code", NULL, NULL, NULL, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_DIAL_CODE] = g_param_spec_string ("dial-code", NULL, NULL, NULL, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
porch_country_init (PorchCountry *self)
{
}

/**
 * porch_country_get_code:
 * @self: a country
 *
 * Returns: (transfer none): its two letters
 */
const char *
porch_country_get_code (PorchCountry *self)
{
  g_return_val_if_fail (PORCH_IS_COUNTRY (self), NULL);

  return self->code;
}

/**
 * porch_country_get_name:
 * @self: a country
 *
 * Returns: (transfer none): its name, in the language of the system where that is known
 */
const char *
porch_country_get_name (PorchCountry *self)
{
  g_return_val_if_fail (PORCH_IS_COUNTRY (self), NULL);

  return self->name;
}

/**
 * porch_country_get_dial_code:
 * @self: a country
 *
 * Returns: (transfer none): what its phone numbers begin with, without a plus
 */
const char *
porch_country_get_dial_code (PorchCountry *self)
{
  g_return_val_if_fail (PORCH_IS_COUNTRY (self), NULL);

  return self->dial_code;
}

static int
compare (gconstpointer a,
         gconstpointer b,
         gpointer      user_data)
{
  const PorchCountry *first = a;
  const PorchCountry *second = b;

  return g_utf8_collate (first->name, second->name);
}

/**
 * porch_country_list:
 *
 * Returns: (transfer none): all countries, sorted by name
 */
GListModel *
porch_country_list (void)
{
  static GListStore *list;

  if (list != NULL)
    return G_LIST_MODEL (list);

  list = g_list_store_new (PORCH_TYPE_COUNTRY);

  for (guint i = 0; i < G_N_ELEMENTS (countries); i++)
    {
      g_autoptr(PorchCountry) country = g_object_new (PORCH_TYPE_COUNTRY, NULL);

      country->code = countries[i].code;
      country->dial_code = countries[i].dial_code;
      country->name = g_dgettext (CATALOGUE, countries[i].name);
      g_list_store_append (list, country);
    }

  g_list_store_sort (list, compare, NULL);

  return G_LIST_MODEL (list);
}

/**
 * porch_country_find:
 * @code: (nullable): two letters
 *
 * Returns: (transfer none) (nullable): the country
 */
PorchCountry *
porch_country_find (const char *code)
{
  GListModel *list = porch_country_list ();

  for (guint i = 0; code != NULL && i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr(PorchCountry) country = g_list_model_get_item (list, i);

      if (g_ascii_strcasecmp (country->code, code) == 0)
        return country;
    }

  return NULL;
}

/* "DE\t+5230+01322\tEurope/Berlin": each time zone is in one country, or mostly in one. */
static PorchCountry *
find_by_time_zone (void)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
  const char *identifier = g_time_zone_get_identifier (zone);
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;

  if (!g_file_get_contents (TIME_ZONES, &text, NULL, NULL))
    return NULL;

  lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto(GStrv) parts = g_strsplit (lines[i], "\t", -1);

      if (*lines[i] != '#' && g_strv_length (parts) >= 3 && g_str_equal (parts[2], identifier))
        return porch_country_find (parts[0]);
    }

  return NULL;
}

/**
 * porch_country_guess:
 *
 * Returns: (transfer none) (nullable): the two letters of the country that the system is set to, or whose time it has; `NULL`
 *   if neither tells
 */
const char *
porch_country_guess (void)
{
  PorchCountry *found = porch_country_find (nl_langinfo (_NL_ADDRESS_COUNTRY_AB2));

  if (found == NULL)
    found = find_by_time_zone ();

  return found != NULL ? found->code : NULL;
}

/**
 * porch_country_list_states:
 * @code: (nullable): the two letters of a country
 *
 * Returns: (transfer none) (nullable): its states, one of which belongs into an address, by name; the last one has no code.
 *   `NULL` where none does
 */
const PorchCountryState *
porch_country_list_states (const char *code)
{
  if (g_strcmp0 (code, "AU") == 0)
    return australian;
  if (g_strcmp0 (code, "CA") == 0)
    return canadian;

  return g_strcmp0 (code, "US") == 0 ? american : NULL;
}

/**
 * porch_country_state_get_name:
 * @self: a state
 *
 * Returns: (transfer none): what it is called, in the language of the system
 */
const char *
porch_country_state_get_name (const PorchCountryState *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_dgettext (STATE_CATALOGUE, self->name);
}

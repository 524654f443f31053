/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-survey.h"

#include <string.h>

#define FALLBACK "eu-central-1"

typedef struct
{
  const char *region;
  const char *zones;     /* separated by spaces */
} Zones;

/* Only regions that every account has; those on the west coast and in Osaka that cost more have a cheaper neighbour. By the
 * distance of the city that gives a zone its name; where most zones of an area are nearest to one region, it is the area's. */
static const Zones areas[] = {
  { "eu-west-3", "Africa" },
  { "sa-east-1", "America" },
  { "ap-southeast-2", "Antarctica" },
  { "eu-north-1", "Arctic" },
  { "ap-south-1", "Asia" },
  { "eu-west-3", "Atlantic" },
  { "ap-southeast-2", "Australia" },
  { "ca-central-1", "Canada" },
  { "eu-central-1", "Europe" },
  { "ap-south-1", "Indian" },
  { "us-east-2", "Mexico" },
  { "ap-southeast-2", "Pacific" },
  { "us-east-1", "US" },
};

static const Zones zones[] = {
  { "us-east-1",
    "America/Anguilla America/Antigua America/Aruba America/Barbados America/Bogota America/Caracas "
    "America/Cayman America/Costa_Rica America/Curacao America/Dominica America/Grand_Turk "
    "America/Grenada America/Guadeloupe America/Havana America/Jamaica America/Kralendijk "
    "America/Lower_Princes America/Managua America/Marigot America/Martinique America/Montserrat "
    "America/Nassau America/New_York America/Panama America/Port-au-Prince America/Port_of_Spain "
    "America/Puerto_Rico America/Santo_Domingo America/St_Barthelemy America/St_Kitts "
    "America/St_Lucia America/St_Thomas America/St_Vincent America/Tortola America/Virgin "
    "Atlantic/Bermuda" },
  { "us-east-2",
    "America/Atikokan America/Bahia_Banderas America/Belize America/Cancun America/Chicago "
    "America/Detroit America/El_Salvador America/Fort_Wayne America/Guatemala "
    "America/Indiana/Indianapolis America/Indiana/Knox America/Indiana/Marengo "
    "America/Indiana/Petersburg America/Indiana/Tell_City America/Indiana/Vevay "
    "America/Indiana/Vincennes America/Indiana/Winamac America/Indianapolis "
    "America/Kentucky/Louisville America/Kentucky/Monticello America/Knox_IN America/Louisville "
    "America/Matamoros America/Menominee America/Merida America/Mexico_City America/Monterrey "
    "America/Tegucigalpa America/Winnipeg Pacific/Galapagos" },
  { "us-west-2",
    "America/Anchorage America/Boise America/Cambridge_Bay America/Chihuahua America/Ciudad_Juarez "
    "America/Creston America/Dawson America/Dawson_Creek America/Denver America/Edmonton "
    "America/Ensenada America/Fort_Nelson America/Hermosillo America/Inuvik America/Juneau "
    "America/Los_Angeles America/Mazatlan America/Metlakatla America/Nome "
    "America/North_Dakota/Beulah America/North_Dakota/Center America/North_Dakota/New_Salem "
    "America/Ojinaga America/Phoenix America/Regina America/Shiprock America/Sitka "
    "America/Swift_Current America/Tijuana America/Vancouver America/Whitehorse America/Yakutat "
    "America/Yellowknife Pacific/Honolulu Pacific/Kiritimati Pacific/Marquesas" },
  { "ca-central-1",
    "America/Blanc-Sablon America/Glace_Bay America/Godthab America/Goose_Bay America/Halifax "
    "America/Iqaluit America/Miquelon America/Moncton America/Montreal America/Nuuk "
    "America/Rankin_Inlet America/Resolute America/St_Johns America/Thule America/Thunder_Bay "
    "America/Toronto" },
  { "sa-east-1",
    "Antarctica/Palmer Antarctica/Rothera Antarctica/Troll Atlantic/South_Georgia Atlantic/St_Helena "
    "Atlantic/Stanley Pacific/Easter" },
  { "eu-central-1",
    "Africa/Bangui Africa/Cairo Africa/Tripoli Africa/Tunis Asia/Amman Asia/Beirut Asia/Damascus "
    "Asia/Famagusta Asia/Gaza Asia/Hebron Asia/Jerusalem Asia/Nicosia" },
  { "eu-west-1",
    "America/Scoresbysund Atlantic/Azores Atlantic/Faroe Atlantic/Reykjavik Europe/Dublin "
    "Europe/Isle_of_Man" },
  { "eu-west-2",
    "Europe/Amsterdam Europe/Belfast Europe/Guernsey Europe/Jersey Europe/London" },
  { "eu-west-3",
    "Europe/Andorra Europe/Brussels Europe/Gibraltar Europe/Lisbon Europe/Madrid Europe/Monaco "
    "Europe/Paris" },
  { "eu-north-1",
    "America/Danmarkshavn Asia/Aqtau Asia/Aqtobe Asia/Atyrau Asia/Baku Asia/Novosibirsk Asia/Omsk "
    "Asia/Oral Asia/Qostanay Asia/Tbilisi Asia/Yekaterinburg Asia/Yerevan Europe/Astrakhan "
    "Europe/Copenhagen Europe/Helsinki Europe/Kaliningrad Europe/Kiev Europe/Kirov Europe/Kyiv "
    "Europe/Mariehamn Europe/Minsk Europe/Moscow Europe/Oslo Europe/Riga Europe/Samara "
    "Europe/Saratov Europe/Simferopol Europe/Stockholm Europe/Tallinn Europe/Ulyanovsk "
    "Europe/Vilnius Europe/Volgograd Europe/Warsaw" },
  { "ap-northeast-1",
    "America/Adak Asia/Anadyr Asia/Kamchatka Asia/Magadan Asia/Sakhalin Asia/Srednekolymsk "
    "Asia/Tokyo Pacific/Chuuk Pacific/Guam Pacific/Kosrae Pacific/Kwajalein Pacific/Majuro "
    "Pacific/Midway Pacific/Palau Pacific/Pohnpei Pacific/Saipan Pacific/Wake" },
  { "ap-northeast-2",
    "Asia/Barnaul Asia/Chita Asia/Chongqing Asia/Chungking Asia/Harbin Asia/Hong_Kong Asia/Hovd "
    "Asia/Irkutsk Asia/Khandyga Asia/Krasnoyarsk Asia/Macao Asia/Macau Asia/Novokuznetsk "
    "Asia/Pyongyang Asia/Seoul Asia/Shanghai Asia/Taipei Asia/Tomsk Asia/Ulaanbaatar Asia/Ulan_Bator "
    "Asia/Ust-Nera Asia/Vladivostok Asia/Yakutsk" },
  { "ap-southeast-1",
    "Asia/Bangkok Asia/Brunei Asia/Dili Asia/Ho_Chi_Minh Asia/Jakarta Asia/Kuala_Lumpur Asia/Kuching "
    "Asia/Makassar Asia/Manila Asia/Phnom_Penh Asia/Pontianak Asia/Rangoon Asia/Saigon "
    "Asia/Singapore Asia/Ujung_Pandang Asia/Vientiane Asia/Yangon Indian/Christmas Indian/Cocos "
    "Indian/Kerguelen" },
  { "ap-southeast-2",
    "Asia/Jayapura" },
};

static gboolean
has_zone (const char *list,
          const char *zone)
{
  gsize length = strlen (zone);

  for (const char *found = strstr (list, zone); found != NULL; found = strstr (found + 1, zone))
    if ((found == list || found[-1] == ' ') && (found[length] == ' ' || found[length] == '\0'))
      return TRUE;

  return FALSE;
}

/**
 * porch_survey_find_nearest_region:
 * @time_zone: (nullable): an IANA time zone, `Europe/Berlin`; %NULL: that of this computer
 *
 * Returns: (transfer none): the region, of those that every account has, that is near to people in that zone
 */
const char *
porch_survey_find_nearest_region (const char *time_zone)
{
  g_autoptr(GTimeZone) here = NULL;
  gsize length;

  if (time_zone == NULL)
    {
      here = g_time_zone_new_local ();
      time_zone = g_time_zone_get_identifier (here);
    }

  if (*time_zone == '\0' || strchr (time_zone, ' ') != NULL)
    return FALLBACK;

  for (guint i = 0; i < G_N_ELEMENTS (zones); i++)
    if (has_zone (zones[i].zones, time_zone))
      return zones[i].region;

  length = strcspn (time_zone, "/");
  for (guint i = 0; time_zone[length] == '/' && i < G_N_ELEMENTS (areas); i++)
    if (strlen (areas[i].zones) == length && strncmp (areas[i].zones, time_zone, length) == 0)
      return areas[i].region;

  return FALLBACK;
}

/** The large world's functions: as services of today offer them, several look-alikes in each domain. */
import type { Api } from "./api.ts";
import { banking } from "./catalogue/banking.ts";
import { calendar } from "./catalogue/calendar.ts";
import { events } from "./catalogue/events.ts";
import { files } from "./catalogue/files.ts";
import { health } from "./catalogue/health.ts";
import { home } from "./catalogue/home.ts";
import { hotels } from "./catalogue/hotels.ts";
import { hr } from "./catalogue/hr.ts";
import { language } from "./catalogue/language.ts";
import { maps } from "./catalogue/maps.ts";
import { messages } from "./catalogue/messages.ts";
import { music } from "./catalogue/music.ts";
import { projects } from "./catalogue/projects.ts";
import { restaurants } from "./catalogue/restaurants.ts";
import { shopping } from "./catalogue/shopping.ts";
import { stocks } from "./catalogue/stocks.ts";
import { support } from "./catalogue/support.ts";
import { travel } from "./catalogue/travel.ts";
import { weather } from "./catalogue/weather.ts";

/** Names are unique in it. */
export const catalogue: readonly Api[] = [
  ...[weather, travel, hotels, maps, calendar, messages, language, files],
  ...[banking, stocks, shopping, restaurants, music, events],
  ...[home, health, hr, projects, support],
].flat();

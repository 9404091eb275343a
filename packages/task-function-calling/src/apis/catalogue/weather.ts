import type { Api } from "../api.ts";
import { date, PAST } from "../dates.ts";
import { choice, coded, list, optional, text, whole, yesNo } from "../parameters.ts";
import { phrase, plain } from "../ways.ts";
import { cities, ofDomain } from "./common.ts";

const city = text("city", cities, "Name of the city in English.");
const unit = optional(
  choice("unit", { celsius: "Celsius", fahrenheit: "Fahrenheit" }, "Unit of temperatures."),
  "celsius",
);
const measures = {
  temperature: "temperature",
  precipitation: "rainfall",
  wind_speed: "wind speed",
  humidity: "humidity",
};
const pollutants = { pm2_5: "PM2.5", pm10: "PM10", o3: "ozone", no2: "nitrogen dioxide" };
const countries = { AT: "Austria", BR: "Brazil", CA: "Canada", DE: "Germany", ES: "Spain", FR: "France" };
const moreCountries = { GB: "the United Kingdom", IT: "Italy", JP: "Japan", NO: "Norway", PT: "Portugal" };

export const weather: readonly Api[] = ofDomain("weather", [
  {
    name: "get_current_weather",
    description: "The weather in a city at this moment.",
    parameters: [city, unit],
    requests: [
      "What's the weather like in {city} right now[, in degrees {unit}]?",
      "How warm is it in {city} at the moment[, in {unit}]?",
      "Tell me the current temperature in {city}[ in {unit}], please.",
    ],
  },
  {
    name: "get_weather_forecast",
    description: "The weather in a city over the coming days.",
    parameters: [
      city,
      whole(
        "days",
        [plain(2, 10, "days"), phrase("week", 7), phrase("two weeks", 14)],
        "Days to look ahead.",
      ),
      unit,
      optional(
        yesNo(
          "hourly",
          { yes: "hour by hour", no: "as one summary a day" },
          "Hourly instead of daily values.",
        ),
        false,
      ),
    ],
    requests: [
      "What will the weather be like in {city} over the next {days}[, in {unit}]?",
      "Give me the forecast for {city} for the next {days}[, {hourly}][, in degrees {unit}].",
      "I'm off to {city}. How warm will it get in the next {days}[, {hourly}]?",
    ],
  },
  {
    name: "get_weather_history",
    description: "What was measured in a city on a day in the past.",
    parameters: [
      city,
      date("date", "Day of the measurements", PAST),
      list(
        "measures",
        choice("measure", measures),
        { min: 1, max: 3 },
        "What to look up, in the order asked.",
      ),
    ],
    requests: [
      "Look up the {measures} in {city} on {date}.",
      "I need the {measures} that you have on record for {city} on {date}.",
      "For a report: {measures} in {city} on {date}, please.",
    ],
  },
  {
    name: "get_air_quality",
    description: "How clean the air in a city is now.",
    parameters: [
      city,
      optional(
        list(
          "pollutants",
          choice("pollutant", pollutants),
          { min: 1, max: 3 },
          "Only these, in the order asked.",
        ),
      ),
    ],
    requests: [
      "How good is the air in {city} now[, going only by {pollutants}]?",
      "Get me the air quality in {city}[, just for {pollutants}].",
      "Is the air in {city} clean enough for a run?[ I only care about {pollutants}.]",
    ],
  },
  {
    name: "get_weather_alerts",
    description: "Official weather warnings that are in force in a country.",
    parameters: [
      coded(
        "country",
        { ...countries, ...moreCountries },
        "ISO 3166-1 alpha-2 code in upper case, such as CH.",
      ),
      optional(
        choice(
          "minimum_severity",
          { moderate: "moderate", severe: "severe", extreme: "extreme" },
          "Leaves out weaker warnings.",
        ),
      ),
    ],
    requests: [
      "Are there any weather warnings for {country} at present?[ Only what is at least {minimum_severity}, please.]",
      "Show me the weather alerts in force in {country}[, from {minimum_severity} upwards].",
      "Which weather warnings are out for {country}[, leaving out anything below {minimum_severity}]?",
    ],
  },
]);

import type { Api } from "../api.ts";
import { period } from "../dates.ts";
import { choice, list, object, optional, text, whole, yesNo } from "../parameters.ts";
import { phrase, plain, steps } from "../ways.ts";
import { allDiffer, cities, minutes, ofDomain } from "./common.ts";

const songs = [
  ...["Paper Boats", "Northern Line", "Slow Thunder", "Copper Sky", "Half Past Summer", "Glass Garden"],
  ...["Electric Tide", "Letters Home", "Midnight Orchard", "The Long Way Down", "Salt and Stone"],
];
const artists = [
  "Luna Park",
  "The Velvet Foxes",
  "Marta Reyes",
  "Owl City Radio",
  "Blue Harbour",
  "Kid Lightning",
];
const playlists = ["Morning Run", "Dinner Party", "Deep Focus", "Road Trip", "Rainy Sunday", "Garden Work"];
const artist = text("artist", artists);
const title = text("title", songs, "Title of the song.");
const song = object("song", [title, optional(artist)], ['"{title}" by {artist}', '"{title}"']);
const rooms = ["living room", "kitchen", "bedroom", "office", "bathroom"];

export const music: readonly Api[] = ofDomain("music", [
  {
    name: "play_song",
    description: "Plays a song at once.",
    parameters: [
      title,
      optional(artist),
      optional(text("speaker", rooms, "The room that the speaker is in, in lower case.")),
      optional(yesNo("repeat", { yes: "again and again", no: "just once" }), false),
    ],
    requests: [
      'Play "{title}"[ by {artist}][ in the {speaker}].',
      'I want to hear "{title}"[ by {artist}] now[, {repeat}].',
      'Put on the song "{title}"[ in the {speaker}][, {repeat}].',
    ],
  },
  {
    name: "create_playlist",
    description: "Makes a new playlist of songs.",
    parameters: [
      text("name", playlists),
      list("songs", song, { min: 1, max: 3 }, "In the order named."),
      optional(yesNo("public", { yes: "public", no: "private" })),
    ],
    requests: [
      'Create a[ {public}] playlist called "{name}" with {songs}.',
      'Make me a new playlist "{name}" out of {songs}[ and make it {public}].',
      'Start a playlist named "{name}"[, {public}]. The songs: {songs}.',
    ],
    sensible: allDiffer("songs", "title"),
  },
  {
    name: "add_to_playlist",
    description: "Adds a song to a playlist that exists.",
    parameters: [
      text("playlist", playlists),
      song,
      optional(choice("position", { top: "at the top", end: "at the end" }), "end"),
    ],
    requests: [
      'Add {song} to my playlist "{playlist}"[, {position}].',
      'Put {song} on my "{playlist}" playlist[ {position}].',
      'My playlist "{playlist}" needs {song}[, right {position}].',
    ],
  },
  {
    name: "find_concerts",
    description: "Concerts of an artist.",
    parameters: [
      artist,
      optional(text("city", cities)),
      period("dates", ["first_day", "last_day"], { min: 3, max: 60 }, "Both days included."),
      optional(whole("radius_km", [plain(10, 90, "kilometres")], "Around the city.")),
    ],
    requests: [
      "Does {artist} play live[ in {city}] {dates}?",
      "Find concerts by {artist} in {city}[ or within {radius_km} of it] {dates}.",
      "I'd love to see {artist} on stage[ in {city}] {dates}. Are there any concerts?",
    ],
  },
  {
    name: "set_sleep_timer",
    description: "Stops the music after a while.",
    parameters: [
      whole("minutes", minutes, "Minutes from now."),
      optional(yesNo("fade_out", { yes: "fading out slowly", no: "without fading out" })),
    ],
    requests: [
      "Stop the music after {minutes}[, {fade_out}].",
      "Let the music play for another {minutes} and then switch it off[, {fade_out}].",
      "Set the music's sleep timer to {minutes}[, {fade_out}].",
    ],
  },
  {
    name: "set_volume",
    description: "How loud music plays.",
    parameters: [
      whole("percent", [steps(10, 95, 5), phrase("a hundred", 100)], "0 to 100."),
      optional(text("speaker", rooms, "The room that the speaker is in, in lower case; all, if left out.")),
    ],
    requests: [
      "Set the volume of the music[ in the {speaker}] to {percent} percent.",
      "Music at {percent} percent volume[ in the {speaker}], please.",
      "Turn the music[ in the {speaker}] to a volume of {percent} percent.",
    ],
  },
]);

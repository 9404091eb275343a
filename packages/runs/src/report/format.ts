/** Numbers as people read them; the same everywhere, and independent of the machine's language. */

/** `0.1469` → `14.7 %` */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** `12345.6` → `12,346` */
export function count(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Seconds as `4:05`, or `1:04:05`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number): string => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

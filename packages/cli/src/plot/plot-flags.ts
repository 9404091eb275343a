export const PICTURES = ["curves", "bars"] as const;

export interface PlotFlags {
  readonly out: string;
  readonly what?: (typeof PICTURES)[number];
  readonly width?: number;
  readonly title?: string;
}

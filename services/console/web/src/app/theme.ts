import { createTheme, type CSSVariablesResolver, localStorageColorSchemeManager, type MantineColorsTuple } from "@mantine/core";

/** The one accent. White on its eighth shade is 5.6 : 1. */
const kith: MantineColorsTuple = [
  "#e6f6f8", "#cfe9ee", "#a3d3dc", "#73bbc9", "#4ca7b9", "#329aaf", "#2293aa", "#0f7f95", "#0b7285", "#045f70",
];

/** Dark greys with a little less contrast between surfaces than Mantine's own. */
const dark: MantineColorsTuple = [
  "#dfe1e5", "#c4c7ce", "#abafb8", "#7d828d", "#42464f", "#353942", "#2b2e36", "#1d2026", "#17191e", "#111317",
];

/** 14 px text on an 8 px grid. */
export const theme = createTheme({
  colors: { kith, dark },
  primaryColor: "kith",
  primaryShade: { light: 8, dark: 7 },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace',
  fontSizes: { xs: "0.75rem", sm: "0.875rem", md: "0.875rem", lg: "1rem", xl: "1.25rem" },
  lineHeights: { xs: "1.35", sm: "1.45", md: "1.45", lg: "1.4", xl: "1.3" },
  spacing: { xs: "0.5rem", sm: "0.75rem", md: "1rem", lg: "1.5rem", xl: "2rem" },
  radius: { xs: "2px", sm: "4px", md: "6px", lg: "8px", xl: "16px" },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  headings: { fontWeight: "600", sizes: { h1: { fontSize: "1.25rem" }, h2: { fontSize: "1rem" }, h3: { fontSize: "0.875rem" } } },
});

/** Where Mantine's own greys stay under 4.5 : 1. */
export const contrast: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "#565d66",
    "--mantine-color-placeholder": "#697079",
    "--mantine-color-anchor": "#0b7285",
    "--mantine-color-error": "#c92a2a",
    "--kith-surface": "#f6f7f8",
    "--kith-line": "#e3e6ea",
    "--kith-hover": "#f1f5f7",
    "--kith-fresh": "#dff3e4",
    "--kith-touched": "#fff3cf",
    "--kith-nav-hover": "#e9ecef",
    "--kith-nav-current": "#dcebee",
    "--kith-nav-current-text": "#07545f",
    "--kith-note": "#25282e",
    "--kith-note-text": "#ffffff",
    "--mantine-color-text": "#1f2328",
    "--kith-good": "#237a3b",
    "--kith-bad": "#c92a2a",
  },
  dark: {
    "--mantine-color-dimmed": "#a6abb5",
    "--mantine-color-placeholder": "#9096a1",
    "--mantine-color-anchor": "#73bbc9",
    "--mantine-color-error": "#ff8787",
    "--kith-surface": "#17191e",
    "--kith-line": "#31353d",
    "--kith-hover": "#252931",
    "--kith-fresh": "#1d3b29",
    "--kith-touched": "#403717",
    "--mantine-color-kith-light-color": "#73bbc9",
    "--kith-nav-hover": "#25282f",
    "--kith-nav-current": "#1d3238",
    "--kith-nav-current-text": "#a3d3dc",
    "--kith-note": "#e9ebee",
    "--kith-note-text": "#17191e",
    "--mantine-color-text": "#dfe1e5",
    "--kith-good": "#69db7c",
    "--kith-bad": "#ff8787",
  },
});

/** The same key as public/theme.js. */
export const colorSchemes = localStorageColorSchemeManager({ key: "kith.color-scheme" });

"""The design system: base templates, macros, CSS, small scripts, SVG charts and maps. It knows no word of the domain."""

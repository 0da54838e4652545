"""Here is a reply; lay it out as styled text or as JSON."""

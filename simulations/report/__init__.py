"""A scenario's result as one HTML page that needs no network: `page.render`."""

"""An update as one HTML file that needs no network: the graph, its times, rows and quality."""

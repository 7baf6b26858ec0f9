// Begins when the page has been read. No network.
Charts.setUp();
document.querySelectorAll("table.data").forEach(Tables.setUp);
Index.setUp();

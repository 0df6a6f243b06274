global using Perenne.Hub;

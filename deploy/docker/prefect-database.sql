CREATE DATABASE prefect OWNER khcn;
\connect prefect
CREATE EXTENSION IF NOT EXISTS pg_trgm;

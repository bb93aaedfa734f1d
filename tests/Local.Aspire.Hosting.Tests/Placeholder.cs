// Tests of Local.Aspire.Hosting.

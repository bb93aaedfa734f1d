// Tests of ServiceDefaults.

// One system for all: a test that breaks something must not meet one that counts on it.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

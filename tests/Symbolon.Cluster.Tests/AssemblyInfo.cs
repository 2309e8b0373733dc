// Each test starts servers and storms them: side by side they would only measure each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

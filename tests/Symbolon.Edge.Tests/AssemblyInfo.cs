// Each test starts several processes and measures nothing but order: side by side they would only starve each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

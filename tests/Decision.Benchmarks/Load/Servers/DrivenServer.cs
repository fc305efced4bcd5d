using Decision.Benchmarks.Load.Driving;
using Decision.Benchmarks.Processes;

namespace Decision.Benchmarks.Load.Servers;

/// <summary>A server that is driven.</summary>
/// <param name="Process">Its process.</param>
/// <param name="GrpcAddress">Where gRPC is served.</param>
/// <param name="HttpAddress">Where HTTP/1.1 is.</param>
/// <param name="Store">The Redis that it uses; null = none.</param>
/// <param name="Counters">What it says of itself.</param>
internal sealed record DrivenServer(ChildProcess Process, string GrpcAddress, string HttpAddress, RedisProcess? Store, ServerCounters Counters);

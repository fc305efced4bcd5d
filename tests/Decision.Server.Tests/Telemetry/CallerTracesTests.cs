using System.Diagnostics;
using Decision.Server.Telemetry;

namespace Decision.Server.Tests.Telemetry;

public class CallerTracesTests
{
    [Theory]
    [InlineData(ActivityTraceFlags.None)]
    [InlineData(ActivityTraceFlags.Recorded)]
    public void Of_caller_with_a_trace_is_noted_whether_it_is_recorded_or_not(ActivityTraceFlags flags)
    {
        ActivityContext caller = new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), flags, isRemote: true);

        Assert.Equal(ActivitySamplingResult.PropagationData, CallerTraces.Of(caller));
    }

    [Fact]
    public void Of_caller_without_a_trace_costs_nothing() => Assert.Equal(ActivitySamplingResult.None, CallerTraces.Of(default));
}

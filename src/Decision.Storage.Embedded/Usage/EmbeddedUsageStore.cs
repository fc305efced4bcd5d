using Decision.Runtime;
using Decision.Runtime.Observation.Usage;
using Decision.Storage.Embedded.Sqlite;

namespace Decision.Storage.Embedded.Usage;

/// <summary>The use by the hour in SQLite: a row for each id and day.</summary>
internal sealed class EmbeddedUsageStore(SqliteDatabase database, TimeProvider time) : IUsageStore
{
    private const long SecondsOfDay = 86_400;

    /// <inheritdoc />
    /// <remarks>One transaction: where it fails, nothing was added. So batches need not be remembered.</remarks>
    public async ValueTask AddAsync(string batch, IReadOnlyList<UsageCount> counts, int days, int mostIds, CancellationToken cancellation)
    {
        long oldest = (time.GetUtcNow().ToUnixTimeSeconds() / SecondsOfDay) - days;
        await database.WriteAsync(
            session =>
            {
                session.Execute("DELETE FROM usage WHERE day < $0", oldest);
                foreach (var count in counts)
                {
                    Add(session, count, mostIds);
                }

                return true;
            },
            cancellation).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyList<UsageCount>> ReadAsync(UsageKind kind, string id, long first, long last, CancellationToken cancellation)
    {
        var days = await database.ReadAsync(
            session => session.Query(
                "SELECT day, hours FROM usage WHERE kind = $0 AND day BETWEEN $1 AND $2 AND id = $3 ORDER BY day",
                row => (Day: row.GetInt64(0), Hours: row.GetFieldValue<byte[]>(1)),
                (long)kind, first / UsageHours.OfDay, last / UsageHours.OfDay, id),
            cancellation).ConfigureAwait(false);
        return
        [
            .. days.SelectMany(day => UsageHours.Of(kind, id, day.Day, day.Hours))
                .Where(count => count.Hour >= first && count.Hour <= last).OrderBy(count => count.Hour),
        ];
    }

    public ValueTask<bool> ClaimAsync(string name, long endsAtUs, long toleranceUs, CancellationToken cancellation) => database.WriteAsync(
        session =>
        {
            session.Execute("DELETE FROM claims WHERE ends_us < $0", time.NowUs() - toleranceUs);
            if (session.Scalar("SELECT ends_us FROM claims WHERE name = $0", name) is long known && Math.Abs(known - endsAtUs) <= toleranceUs)
            {
                return false;
            }

            session.Execute("INSERT OR REPLACE INTO claims (name, ends_us) VALUES ($0, $1)", name, endsAtUs);
            return true;
        },
        cancellation);

    private static void Add(SqliteSession session, UsageCount count, int mostIds)
    {
        const string Find = "SELECT hours FROM usage WHERE kind = $0 AND day = $1 AND id = $2";
        long day = count.Hour / UsageHours.OfDay;
        string id = count.Id;
        var hours = (byte[]?)session.Scalar(Find, (long)count.Kind, day, id);
        if (hours is null && (long)session.Scalar("SELECT COUNT(*) FROM usage WHERE kind = $0 AND day = $1", (long)count.Kind, day)! >= mostIds)
        {
            id = UsageHours.Others;
            hours = (byte[]?)session.Scalar(Find, (long)count.Kind, day, id);
        }

        session.Execute(
            "INSERT OR REPLACE INTO usage (kind, day, id, hours) VALUES ($0, $1, $2, $3)",
            (long)count.Kind, day, id, UsageHours.Add(hours, (int)(count.Hour % UsageHours.OfDay), count.Allowed, count.Refused));
    }
}

using Decision.Contracts.Admin.V1;
using Decision.Runtime.Administration;
using Decision.Server.Grpc.Admin;
using Google.Protobuf.WellKnownTypes;

namespace Decision.Server.Tests.Admin;

public class UpdatableFieldsTests
{
    private static readonly UpdatableFields Fields = new(Key.Descriptor, ["key_id"], ["etag", "quota_remaining"], "hmac_string");

    [Theory]
    [InlineData("quotaMax", "\"quotaMax\" is no field. Did you mean quota_max?")]
    [InlineData("quota_mx", "\"quota_mx\" is no field. Did you mean quota_max?")]
    [InlineData("key_id", "\"key_id\" cannot be changed: it names what is changed. Remove it from the mask.")]
    [InlineData("etag", "\"etag\" is an answer and cannot be written: remove it from the mask.")]
    [InlineData("access_rights.orders.limit", "\"access_rights.orders.limit\" is inside of access_rights, and only whole fields are changed: name access_rights, and send all of it.")]
    public void Read_wrong_path_says_what_to_write(string path, string expected)
    {
        var refusal = Assert.Throws<AdministrationException>(() => Fields.Read(new FieldMask { Paths = { path } }, new Key()));

        Assert.Equal(("update_mask", expected), (Assert.Single(refusal.Findings).Field, refusal.Findings[0].Message));
    }

    [Fact]
    public void Read_path_like_nothing_lists_the_fields()
    {
        var refusal = Assert.Throws<AdministrationException>(() => Fields.Read(new FieldMask { Paths = { "zzzzzzzzzzzz" } }, new Key()));

        Assert.StartsWith("\"zzzzzzzzzzzz\" is no field. Possible are org_id, alias, apply_policies,", refusal.Findings[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_several_wrong_paths_says_all()
    {
        var refusal = Assert.Throws<AdministrationException>(
            () => Fields.Read(new FieldMask { Paths = { "alias", "*", "key_id", "nested.path", "key_id" } }, new Key()));

        Assert.Equal(3, refusal.Findings.Count);
    }

    [Fact]
    public void Read_named_fields_twice_is_fine()
    {
        var mask = Fields.Read(new FieldMask { Paths = { "alias", "alias", "expires" } }, new Key());

        Assert.True(mask.Changes("alias"));
        Assert.True(mask.Names("expires"));
        Assert.False(mask.Changes("tags"));
    }

    [Fact]
    public void Read_star_is_all_but_what_must_be_named()
    {
        var mask = Fields.Read(new FieldMask { Paths = { "*" } }, new Key());

        Assert.True(mask.ChangesAny("alias"));
        Assert.True(mask.Changes("expires"));
        Assert.False(mask.Names("expires"));
        Assert.False(mask.ChangesAny("hmac_string", "key_id", "etag", "quota_remaining"));
    }

    [Fact]
    public void Read_absent_mask_is_what_is_not_empty()
    {
        var mask = Fields.Read(null, new Key { KeyId = "k", Alias = "a", Rate = -1, Tags = { "t" }, Etag = "e", IsInactive = true });

        Assert.Equal(
            ["alias", "is_inactive", "tags", "rate"],
            Key.Descriptor.Fields.InDeclarationOrder().Select(field => field.Name).Where(name => mask.Changes(name)));
    }

    [Fact]
    public void Apply_named_field_without_a_value_is_emptied_and_others_stay()
    {
        var stored = new Key
        {
            Alias = "a", Tags = { "x", "y" }, Rate = 5, Monitor = new UsageMonitor { TriggerLimits = { 5 } }, AccessRights = { ["o"] = new AccessRight() },
        };
        var mask = Fields.Read(new FieldMask { Paths = { "tags", "monitor", "access_rights", "per" } }, new Key());

        var merged = mask.Apply(stored, new Key { Per = 3, AccessRights = { ["p"] = new AccessRight { ApiName = "P" } }, Alias = "ignored" });

        Assert.Equal(new Key { Alias = "a", Rate = 5, Per = 3, AccessRights = { ["p"] = new AccessRight { ApiName = "P" } } }, merged);
    }

    [Fact]
    public void Apply_optional_flag_can_be_set_false_and_taken_away()
    {
        var fields = new UpdatableFields(Policy.Descriptor, ["id"], ["etag"]);
        var mask = fields.Read(new FieldMask { Paths = { "active" } }, new Policy());

        Assert.True(mask.Apply(new Policy(), new Policy { Active = false }) is { HasActive: true, Active: false });
        Assert.False(mask.Apply(new Policy { Active = false }, new Policy()).HasActive);
        Assert.True(fields.Read(null, new Policy { Active = false }).Changes("active"));
    }
}

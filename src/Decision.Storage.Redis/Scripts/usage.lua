-- Reads, clears or adjusts counters of one subject.
--   KEYS[1]  the subject's hash
--   ARGV[1]  empty, or the moment that a test sets
--   ARGV[2]  read, reset or adjust
--   ARGV[3]  kind (one byte) and id of the subject
--   ARGV[4]  what adjust adds
--   ARGV[n]  one charge, as SpendingWriter writes it
-- Answers of each charge: a status (1 = a calendar window is needed), used, until all is free, start of a quota's period, moment.
begin(ARGV[1])
local key, operation, subject = KEYS[1], ARGV[2], ARGV[3]

local replies, sets, dels, adjusted = {}, {}, {}, nil
-- What is out on leases counts as used, and stays so after a reset: replicas may use it still.
local out, has_ended = call('HGET', key, 'l'), false
out = out and leases.read(out) or {}
for index = 5, #ARGV do
  local l = limits.read_charge(ARGV[index], 1)
  local counter = {key = key, name = l.name}
  local bytes = call('HGET', key, 'c/' .. l.name)
  local s = limits.state_of(l, bytes)
  local moment, needed = limits.moment_of(l, s, now)
  if not moment then
    replies[#replies + 1] = spack('<Bdddd', 1, 0, 0, 0, needed)
  else
    local reserved, ends, is_over = leases.reserved(out, l.name, now)
    if is_over then
      s, out = leases.settle(out, counter, l, s, now)
      has_ended = true
    end
    if operation == 'adjust' then
      s = quotas.adjust(l, s, tonumber(ARGV[4]), moment)
      counter.s, adjusted = s, s
      limits.collect(counter, sets, dels)
    end
    local refused, used, reset
    refused, used, reset = limits.test_charge(counter, l, limits.under(counter, l, s), 0, moment, reserved, ends)
    replies[#replies + 1] = spack('<Bdddd', 0, used, reset, l.k >= ROLLING and s and s.n or 0, moment)
    if operation == 'reset' and s then
      dels[#dels + 1] = 'c/' .. l.name
      for number = s.hc or 0, (s.tc or 0) - 1 do dels[#dels + 1] = log.chunk_field(l.name, number) end
    end
  end
end

if has_ended and operation ~= 'read' then
  if #out > 0 then call('HSET', key, 'l', leases.write(out)) else dels[#dels + 1] = 'l' end
end
if #dels > 0 then call('HDEL', key, unpack(dels)) end
if adjusted then
  call('HSET', key, unpack(sets))
  local held = call('HMGET', key, 'v', 'x')
  if not held[1] then
    if not held[2] then call('HSET', key, 's', subject) end
    local kept = limits.keep(key, held[2] and sunpack('<d', held[2]), limits.idle_at(adjusted), now)
    if kept then call('HSET', key, 'x', spack('<d', kept)) end
  end
end
return table.concat(replies)

-- Decides a batch of spendings: each all or nothing, one after the other, in one atomic step on this server's clock.
--   KEYS     of each spending: its subjects; then the place of its answer, where it has an idempotency key
--   ARGV[1]  empty, or the moment that a test sets
--   ARGV[2]  of each spending one byte: how many ask for it
--   ARGV[n]  one spending, as SpendingWriter writes it
-- Answers one string: the moment; then of each spending, until all who ask have an answer, for how many the next answer is, a status and what
-- belongs to it, as SpendingReply reads it.
local DONE, CHANGED, CONFLICT, REPLAY, WINDOW, STEPS, FOREIGN, DAMAGED = 0, 1, 2, 3, 4, 5, 8, 9
local char, pcall_redis, error, pcall, concat = string.char, redis.pcall, error, pcall, table.concat
local ORDER, HEADER, COMPARED, LIFETIME = '<Bdc8', 17, 2, 60000000

-- What the batch has read, by the name of the hash: a spending sees what the one before it spent.
local subjects, answers, keys

-- The hashes to write: those read as subjects, and those of usual spendings, whose place here is what subjects has of them.
local changed, changed_count = {}, 0
local usual_keys, usual_values, usual_wanted, usual_count = {}, {}, {}, 0

-- What spendings ask for, as it is read: plans without cost and version, which all keys of a policy share, and whole spendings that are not usual.
-- Where this is a function of Redis they are kept from call to call, and with a plan the tables that a call fills (turn counts the calls).
local MOST_KEPT = 4096
local orders, plans, kept_count, turn = {}, {}, 0, 0

-- From the first spend of a spending to its last a fault leaves the batch half done in memory.
local is_spending = false

-- Of each subject whose it is, the counters that it has here (places, by name), the fields to read, and the tables for hashes of it; the charges;
-- the cost of each where they differ.
local function read_plan(bytes, has_costs)
  local subject_count, charge_count, at = sunpack('<BB', bytes)
  local plan = {subjects = {}, limits = {}, adds_up = true}
  for place = 1, subject_count do
    local kind, length, after = sunpack('<BH', bytes, at)
    plan.subjects[place] = {
      kind = kind, id = sub(bytes, after, after + length - 1), names = {}, places = {}, fields = {'v', 'x', 'l'}, spare = {}, taken = 0, turn = 0,
    }
    at = after + length
  end
  for index = 1, charge_count do
    local l
    l, at = limits.read_charge(bytes, at)
    local wanted = plan.subjects[l.subject + 1]
    plan.limits[index], l.wanted = l, wanted
    -- Of a bucket the time until it is full follows from each unit; of all others it is the same whatever is spent at one moment.
    plan.adds_up = plan.adds_up and l.k ~= BUCKET
    l.place = wanted.places[l.name]
    if not l.place then
      l.place = #wanted.names + 1
      wanted.places[l.name], wanted.names[l.place], wanted.fields[l.place + 3] = l.place, l.name, 'c/' .. l.name
    end
  end
  if has_costs then
    plan.costs = {}
    for index = 1, charge_count do
      plan.costs[index], at = sunpack('<d', bytes, at)
    end
  end
  plan.at, plan.format = at, '<B' .. string.rep('Bdddd', charge_count)
  plan.is_usual = charge_count > 0 and subject_count == 1 and #plan.subjects[1].names == charge_count and not has_costs
  return plan
end

-- A plan by bytes that are nothing but that.
local function plan_of(bytes)
  local plan = plans[bytes]
  if not plan then
    if kept_count >= MOST_KEPT then orders, plans, kept_count = {}, {}, 0 end
    plan = read_plan(bytes, false)
    plans[bytes], kept_count = plan, kept_count + 1
  end
  return plan
end

-- Flags: 1 = test only, 2 = the first subject is a key whose version must be the given one, 4 = has an idempotency key, 8 = tell states too,
-- 16 = each charge has a cost of its own.
local function read_order(bytes)
  local flags, cost, version = sunpack(ORDER, bytes)
  local rest = sub(bytes, HEADER + 1)
  local order = {
    plan = flags < 4 and plan_of(rest) or read_plan(rest, flags >= 16), cost = cost, version = flags % 4 >= 2 and version,
    is_peek = flags % 2 == 1, is_named = flags % 8 >= 4, tells = flags % 16 >= 8,
  }
  orders[bytes], kept_count = order, kept_count + 1
  return order
end

-- Tables for a hash of a subject that this call has not used yet.
local function take(wanted)
  if wanted.turn ~= turn then wanted.turn, wanted.taken = turn, 0 end
  local number = wanted.taken + 1
  local held = wanted.spare[number]
  if not held then
    held = {wanted = wanted, counters = {}, changed = {}}
    for place = 1, #wanted.names do held.counters[place] = {name = wanted.names[place], field = wanted.fields[place + 3]} end
    wanted.spare[number], kept_count = held, kept_count + 1
  end
  wanted.taken = number
  return held
end

-- What a spending needs of a hash; the values of its fields, where they are read already.
local function load_subject(key, wanted, values)
  values = values or call('HMGET', key, unpack(wanted.fields))
  local held = take(wanted)
  held.key, held.version, held.kept, held.id, held.more = key, values[1], values[2] and sunpack('<d', values[2]), '', nil
  held.leases, held.leases_changed = values[3] and leases.read(values[3]) or nil, false
  held.is_changed, held.changed_count = false, 0
  for place = 1, #wanted.names do
    local counter = held.counters[place]
    counter.key, counter.bytes, counter.s = key, values[place + 3], nil
    counter.is_read, counter.is_changed, counter.has_settled = false, false, false
  end
  subjects[key] = held
  return held
end

-- The counter of a hash that was read for other charges.
local function counter_of(held, name)
  local place = held.wanted.places[name]
  if place then return held.counters[place] end
  held.more = held.more or {}
  local counter = held.more[name]
  if not counter then
    local field = 'c/' .. name
    counter = {key = held.key, name = name, field = field, bytes = call('HGET', held.key, field)}
    held.more[name] = counter
  end
  return counter
end

-- Used again by every spending: its subjects, counters and states, and what the tests said.
local own, counters, states = {}, {}, {}
local moments, outs, ends = {}, {}, {}

-- Of each charge, one after the other, as they are answered: whether it is refused (1), used, until all is free, until the cost fits, the moment.
local outcomes, OUTCOME = {}, 5

-- Notes that a subject is to be written, with a counter or nil.
local function change(held, counter)
  if not held.is_changed then
    held.is_changed = true
    changed_count = changed_count + 1
    changed[changed_count] = held
  end
  if counter and not counter.is_changed then
    local count = held.changed_count + 1
    counter.is_changed, held.changed_count, held.changed[count] = true, count, counter
  end
end

-- A hash of a usual spending, as other spendings need it.
local function take_over(number)
  local held = load_subject(usual_keys[number], usual_wanted[number], usual_values[number])
  usual_keys[number] = false
  for place = 1, #held.counters do change(held, held.counters[place]) end
  return held
end

-- Counts leases of a charge that are over.
local function settle(held, counter, l, s, moment)
  -- What is damaged shows here, before anything is changed.
  limits.test(counter, l, limits.under(counter, l, s), 0, moment)
  is_spending = true
  s, held.leases = leases.settle(held.leases, counter, l, s, now)
  held.leases_changed, counter.s, counter.has_settled = true, s, true
  change(held, s and counter)
  is_spending = false
  return s
end

-- What the counter of each charge held and holds now, for giveback.lua; empty where it was not spent, where entries
-- that lie apart changed too, or where ended leases were counted as well: what it held before that is not what it is to hold again.
local function tell_states(charge_count)
  local parts = {}
  for index = 1, charge_count do
    local counter = counters[index]
    local s = counter.is_changed and counter.s
    local before, after = '', ''
    if s and not counter.has_settled and not (s.put or s.del or (s.before and s.before.tc and s.before.tc > s.before.hc)) then
      before, after = counter.bytes or '', limits.pack(s)
    end
    parts[index] = spack('<H', #before) .. before .. spack('<H', #after) .. after
  end
  return concat(parts)
end

-- The answer that an idempotency key was given before; else nil, its place, the request and the charges to be told again.
local function find_answer(bytes, plan, answer_key)
  local request, length, at = sunpack('<c8I4', bytes, HEADER + plan.at)
  local known = answers[answer_key] or call('GET', answer_key)
  if known then
    local stamp, other, rest = sunpack('<dc8', known)
    if now - stamp < LIFETIME then
      if other ~= request then return spack('<B', CONFLICT) end
      return spack('<B', REPLAY) .. sub(known, rest)
    end
  end
  return nil, request, sub(bytes, at, at + length - 1)
end

-- Tests the charges of a spending and notes the outcomes; answers whether those that are enforced fit, and those that are only reported. Nil and an
-- answer where a calendar window is needed.
local function test_all(plan, cost, times)
  local charges, costs = plan.limits, plan.costs
  local enforced_fit, shadows_fit, at = true, true, 0
  for index = 1, #charges do
    local l = charges[index]
    local held = own[l.subject + 1]
    local counter = held.wanted == l.wanted and held.counters[l.place] or counter_of(held, l.name)
    -- A counter's state is read when it is first asked for; what is damaged fails the spendings that need it, and no other.
    local s = counter.s
    if not counter.is_read then
      s = limits.state_of(l, counter.bytes, counter.spare)
      counter.s, counter.spare, counter.is_read = s, s or counter.spare, true
    end
    local moment, needed = limits.moment_of(l, s, now)
    if not moment then return nil, spack('<BBd', WINDOW, index - 1, needed) end
    local out, last = 0, 0
    if held.leases then
      local has_ended
      out, last, has_ended = leases.reserved(held.leases, l.name, now)
      if has_ended then s = settle(held, counter, l, s, moment) end
    end
    s = limits.under(counter, l, s)
    local refused, used, reset, retry = limits.test_charge(counter, l, s, costs and costs[index] * times or cost, moment, out, last)
    counters[index], states[index], moments[index], outs[index], ends[index] = counter, s, moment, out, last
    outcomes[at + 1], outcomes[at + 2], outcomes[at + 3], outcomes[at + 4], outcomes[at + 5] = refused and 1 or 0, used, reset, retry, moment
    at = at + OUTCOME
    if refused then
      if l.shadow then shadows_fit = false else enforced_fit = false end
    end
  end
  return enforced_fit, shadows_fit
end

-- Spends what was tested, as far as it is to be.
local function spend_all(plan, cost, times, spends, spends_shadows)
  local charges, costs = plan.limits, plan.costs
  for index = 1, #charges do
    local l, counter, at = charges[index], counters[index], (index - 1) * OUTCOME
    if spends and (spends_shadows or not l.shadow) then
      counter.s = limits.spend(counter, l, states[index], costs and costs[index] * times or cost, moments[index])
      if not counter.is_changed then change(own[l.subject + 1], counter) end
    elseif outcomes[at + 1] == 0 then
      -- It would fit, but nothing is spent: the numbers are told as they are.
      local _
      _, outcomes[at + 2], outcomes[at + 3], outcomes[at + 4] = limits.test_charge(counter, l, states[index], 0, moments[index], outs[index], ends[index])
    end
  end
end

-- Decides a spending, or as many of the same as are asked for, if all of them fit; nil = they do not, and nothing is spent. Answers also whether it
-- was spent.
local function decide(order, bytes, first_key, times)
  local plan, cost, is_peek = order.plan, order.cost * times, order.is_peek
  local wanted = plan.subjects
  for index = 1, #wanted do
    local key = keys[first_key + index - 1]
    local held = subjects[key]
    if not held then
      held = load_subject(key, wanted[index])
    elseif usual_keys[held] then
      held = take_over(held)
    end
    if not held.version and held.id == '' then
      -- A hash without a record must tell whose it is.
      held.kind, held.id = wanted[index].kind, wanted[index].id
    end
    own[index] = held
  end
  if order.version and own[1].version ~= order.version then return spack('<B', CHANGED) end

  local answer_key, request, description
  if order.is_named then
    local known
    answer_key = keys[first_key + #wanted]
    known, request, description = find_answer(bytes, plan, answer_key)
    if known then return known end
  end

  local enforced_fit, shadows_fit = test_all(plan, cost, times)
  if enforced_fit == nil then return shadows_fit end
  if times > 1 and not (enforced_fit and shadows_fit) then return nil end

  local spends = enforced_fit and not is_peek
  is_spending = true
  spend_all(plan, cost, times, spends, shadows_fit)
  is_spending = false
  local reply = spack(plan.format, times > 1 and STEPS or DONE, unpack(outcomes, 1, #plan.limits * OUTCOME))
  if answer_key and not is_peek then
    answers[answer_key] = spack('<dc8I4', now, request, #description) .. description .. sub(reply, 2)
    answers[#answers + 1] = answer_key
  end
  return order.tells and reply .. tell_states(#plan.limits) or reply, spends
end

-- The usual spending, or as many of the same as are asked for, from bytes to bytes: without tables for subjects, counters and states, at less than half
-- of the cost. One key that is compared and that the batch did not ask for yet; none of its charges is refused or leased. Nil where it is not so
-- simple, and nothing is spent then: decide goes on with what was read.
local states_after = {}
local function decide_usual(plan, cost, version, key, times)
  local charges, wanted = plan.limits, plan.subjects[1]
  local values = pcall_redis('HMGET', key, unpack(wanted.fields))
  if values.err then return nil end
  if values[1] ~= version or values[3] then
    load_subject(key, wanted, values)
    return nil
  end
  local at = 0
  for index = 1, #charges do
    local l = charges[index]
    local after, used, reset = l.of.usual(l, values[index + 3], cost, now, key)
    if not after then
      load_subject(key, wanted, values)
      return nil
    end
    states_after[index] = after
    outcomes[at + 1], outcomes[at + 2], outcomes[at + 3], outcomes[at + 4], outcomes[at + 5] = 0, used, reset, 0, now
    at = at + OUTCOME
  end
  for index = 1, #charges do values[index + 3] = states_after[index] end
  local number = usual_count + 1
  usual_keys[number], usual_values[number], usual_wanted[number], usual_count, subjects[key] = key, values, wanted, number, number
  return spack(plan.format, times > 1 and STEPS or DONE, unpack(outcomes, 1, at))
end

-- As decide; what a spending fails of is its answer.
local function answer(order, bytes, first_key, times)
  local fine, reply, is_spent = pcall(decide, order, bytes, first_key, times)
  if fine then return reply, is_spent end

  -- Nothing of the batch is written yet, so that it can fail as a whole.
  local told = type(reply) == 'table' and reply.err or reply
  local is_foreign = string.find(told, 'WRONGTYPE', 1, true)
  if is_spending or not (is_foreign or string.find(told, 'damaged', 1, true)) then error(reply, 0) end
  return spack('<B', is_foreign and FOREIGN or DAMAGED), false
end

-- Answers all who ask for a spending.
local function answer_all(order, bytes, first_key, asking, replies)
  if asking > 1 and order.plan.adds_up and not order.is_peek then
    local reply = answer(order, bytes, first_key, asking)
    if reply then
      replies[#replies + 1], replies[#replies + 2] = char(asking), reply
      return
    end
  end
  while asking > 0 do
    local reply, is_spent = answer(order, bytes, first_key, 1)
    -- Where nothing was spent, the others find what this one found.
    local count = is_spent and 1 or asking
    replies[#replies + 1], replies[#replies + 2] = char(count), reply
    asking = asking - count
  end
end

-- Writes what a usual spending changed.
local sets, dels = {}, {}
local function write_usual(key, wanted, values)
  local fields, at = wanted.fields, 0
  for place = 4, #fields do
    sets[at + 1], sets[at + 2] = fields[place], values[place]
    at = at + 2
  end
  call('HSET', key, unpack(sets, 1, at))
end

-- Writes what of a hash changed.
local function write_subject(held)
  local idle, always = 0, false
  for each = #sets, 1, -1 do sets[each] = nil end
  for each = #dels, 1, -1 do dels[each] = nil end
  for each = 1, held.changed_count do
    local counter = held.changed[each]
    if counter.s then
      limits.collect(counter, sets, dels)
    else
      sets[#sets + 1], sets[#sets + 2] = counter.field, counter.bytes
    end
    if not held.version then
      local at = limits.idle_at(counter.s)
      if at then idle = max(idle, at) else always = true end
    end
  end
  if not held.version and not held.kept and held.id ~= '' then
    sets[#sets + 1], sets[#sets + 2] = 's', char(held.kind) .. held.id
  end
  if held.leases_changed then
    if #held.leases > 0 then
      sets[#sets + 1], sets[#sets + 2] = 'l', leases.write(held.leases)
    else
      dels[#dels + 1] = 'l'
    end
  end
  if #dels > 0 then call('HDEL', held.key, unpack(dels)) end
  if #sets > 0 then call('HSET', held.key, unpack(sets)) end
  if not held.version then
    local kept = limits.keep(held.key, held.kept, (not always) and idle or nil, now)
    if kept then call('HSET', held.key, 'x', spack('<d', kept)) end
  end
end

local function decide_all(its_keys, arguments)
  subjects, answers, keys, is_spending = {}, {}, its_keys, false
  changed_count, usual_count, turn = 0, 0, turn + 1
  begin(arguments[1])
  local replies, first_key, asking = {spack('<d', now)}, 1, arguments[2]
  for index = 3, #arguments do
    local bytes = arguments[index]
    local flags, cost, version = sunpack(ORDER, bytes)
    local key, times, reply = keys[first_key], byte(asking, index - 2), nil
    if flags == COMPARED and cost > 0 and not subjects[key] then
      local plan = plan_of(sub(bytes, HEADER + 1))
      if plan.is_usual and (times == 1 or plan.adds_up) then reply = decide_usual(plan, cost * times, version, key, times) end
    end
    if reply then
      replies[#replies + 1], replies[#replies + 2] = char(times), reply
      first_key = first_key + 1
    else
      local order = orders[bytes] or read_order(bytes)
      answer_all(order, bytes, first_key, times, replies)
      first_key = first_key + #order.plan.subjects + (order.is_named and 1 or 0)
    end
  end
  for each = 1, usual_count do
    if usual_keys[each] then write_usual(usual_keys[each], usual_wanted[each], usual_values[each]) end
  end
  for each = 1, changed_count do write_subject(changed[each]) end
  for each = 1, #answers do call('SET', answers[each], answers[answers[each]], 'PX', 61000) end
  return concat(replies)
end
